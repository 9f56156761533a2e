import type { Field } from '../operation/operation';
import { checkAttributes } from './attributes';
import { checkBracketed } from './bracketed';
import { checkBoolean, checkChoice } from './choices';
import { checkDecimal } from './decimals';
import { checkJson, withinBytes } from './json';
import { checkIntegers, checkList, checkObject, checkTexts } from './lists';
import { checkInteger } from './numbers';
import { checkMap } from './pairs';
import type { Result, ValueContext } from './result';
import { checkText } from './text';
import { checkTime } from './times';

/** Puts one value into its documented wire form. Objects and lists with fields of their own are the schema's. */
export function checkValue(value: unknown, field: Field, context: ValueContext): Result {
	const { type } = field;
	switch (type.kind) {
		case 'text':
			return checkText(value, type, field);
		case 'integer':
			return checkInteger(value, type, field);
		case 'decimal':
			return checkDecimal(value, type, field);
		case 'choice':
			return checkChoice(value, type, field);
		case 'boolean':
			return checkBoolean(value, field);
		case 'time':
			return checkTime(value, type, field, context);
		case 'json':
			return withinBytes(checkJson(value, type.as, field, context.known), type.maxBytes);
		case 'texts':
			if (type.as === 'bracketed') return checkBracketed(value, type.max, field);
			return type.as === 'integers' ? checkIntegers(value, field) : checkTexts(value, type.max, field);
		case 'attributes':
			return checkAttributes(value, field, context);
		case 'map':
			return checkMap(value, type, field, context);
		case 'object':
			return checkObject(value, field);
		case 'list':
			return checkList(value, field);
	}
}
