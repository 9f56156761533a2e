import type { Field } from '../operation/operation';
import { checkAttributes } from './attributes';
import { checkBracketed } from './bracketed';
import { checkBoolean, checkChoice } from './choices';
import { checkPlainDecimal } from './decimals';
import { checkJson, parseJson, withinBytes } from './json';
import { checkMap, checkTexts, readList } from './lists';
import { checkDecimal, checkInteger } from './numbers';
import { isPlainObject, kindOf } from './objects';
import { failure, ok, type Result, type ValueContext } from './result';
import { checkText } from './text';
import { checkTime } from './times';

/** Puts one value into its documented wire form. Objects and lists with fields of their own are the schema's. */
export function checkValue(value: unknown, field: Field, context: ValueContext): Result {
	const { type } = field;
	switch (type.kind) {
		case 'text':
			return checkText(value, type);
		case 'integer':
			return checkInteger(value, type, field.explain);
		case 'decimal':
			return type.as === 'text' ? checkPlainDecimal(value, type) : checkDecimal(value, type);
		case 'choice':
			return checkChoice(value, type);
		case 'boolean':
			return checkBoolean(value);
		case 'time':
			return checkTime(value, type, context);
		case 'json':
			return withinBytes(checkJson(value, type.as), type.maxBytes);
		case 'texts':
			return type.as === 'bracketed' ? checkBracketed(value, type.max) : checkTexts(value, type.max);
		case 'attributes':
			return checkAttributes(value, context);
		case 'map':
			return checkMap(value, type, context);
		case 'object': {
			const content = typeof value === 'string' ? parseJson(value)?.parsed : value;
			return isPlainObject(content)
				? ok(content)
				: failure(`must be an object and is ${kindOf(content ?? value)}`);
		}
		case 'list': {
			const read = readList(value);
			return 'list' in read ? ok(read.list) : read;
		}
	}
}
