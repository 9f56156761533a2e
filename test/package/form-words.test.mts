/** What each form must show, whatever its table. */
import { describe, expect, test } from '@jest/globals';
import type { INodeProperties } from 'n8n-workflow';

import { formOf, operations } from '../../index.ts';
import { plainName } from '../../nodes/engine/check/nearest.ts';
import { formFields } from '../../nodes/engine/operation/listed.ts';
import type { Field, Operation } from '../../nodes/engine/operation/operation.ts';

/** Each control of a form, those in collections and rows too. */
function controlsOf(properties: readonly INodeProperties[]): INodeProperties[] {
	return properties.flatMap((property) => {
		const inner = (property.options ?? []).flatMap((option) =>
			'values' in option ? option.values : 'type' in option ? [option] : [],
		);
		return [property, ...controlsOf(inner)];
	});
}

const shownIn = ({ fields }: Pick<Operation, 'fields'>): Field[] =>
	formFields(fields).flatMap((field) => {
		const { type } = field;
		if (type.kind === 'object' && !field.form) return [field, ...shownIn({ fields: type.fields })];
		// A list without rows is one box for JSON, whose example shows the names.
		return type.kind === 'list' && field.form?.rows ? [field, ...shownIn({ fields: type.of })] : [field];
	});

/** Words of a text without blanks and case, as the vendor's names may be written. */
const asOneWord = (text: string): string => plainName(text);

describe.each(operations.map((operation) => [operation.name, operation] as const))('%s', (_, operation) => {
	const controls = controlsOf(formOf(operation)).filter(({ type }) => type !== 'hidden');
	const fields = shownIn(operation);
	/** Lists that stand for several of the vendor's fields; the vendor has no such name. */
	const ownLists = new Set(operation.fields.map(({ listed }) => listed?.name));

	test('somebody who knows the vendor’s page recognises each parameter: its name stands in the label or the help', () => {
		const unknown = fields
			.filter(({ wire, formOnly }) => !formOnly && !ownLists.has(wire))
			.filter(({ wire, form, formName }) => {
				const names = [formName ?? wire, ...(form ? [form.json.name, form.rows?.name] : [])];
				const own = controls.filter(({ name }) => names.includes(name));
				return !own.some(({ displayName, description = '' }) => {
					const words = description.split(/[^\w.[\]]+|\.(?!\w)/);
					const isNamed = words.some((word) => word === wire || word.endsWith(`.${wire}`));
					return isNamed || asOneWord(displayName).includes(asOneWord(wire));
				});
			})
			.map(({ wire }) => wire);
		expect(unknown).toEqual([]);
	});

	test('what a bound says is said in the form: each number and each pattern', () => {
		const lacking = fields.flatMap((field) => {
			const { wire, type, form, formName } = field;
			if (form || !['text', 'integer'].includes(type.kind)) return [];
			const { length, min, max, pattern } = type as {
				length?: number;
				min?: number | bigint;
				max?: number | bigint;
				pattern?: { description: string };
			};
			const least = type.kind === 'text' && min === 1 ? undefined : min;
			const bounds = [length, least, max].filter((bound) => bound !== undefined).map(String);
			const wanted = [...bounds, ...(pattern ? [pattern.description] : [])];
			const own = controls.filter(({ name }) => name === (formName ?? wire));
			const said = own.map(({ description = '' }) => description.toLowerCase());
			return wanted
				.filter((words) => !said.every((text) => text.includes(words.toLowerCase())))
				.map((words) => `${wire}: ${words}`);
		});
		expect(lacking).toEqual([]);
	});

	test('each time says in which zone it is read', () => {
		const times = fields.filter(({ type }) => type.kind === 'time').map(({ wire }) => wire);
		const silent = controls.filter(
			({ name, description }) =>
				times.includes(name) &&
				!description?.includes("A time without a zone is read in the workflow's time zone"),
		);
		expect(silent.map(({ name }) => name)).toEqual([]);
	});

	test('adding a choice presets nothing', () => {
		const choices = fields.filter(({ type }) => ['choice', 'time', 'text'].includes(type.kind));
		const preset = choices.flatMap(({ wire, formName }) =>
			controls.filter(({ name, default: value }) => name === (formName ?? wire) && value !== ''),
		);
		expect(preset.map(({ name }) => name)).toEqual([]);
	});

	test('a compound value is given in rows first', () => {
		for (const { wire, form } of fields) {
			if (!form?.rows) continue;
			const rowsName = form.rows.name;
			const rowsAt = controls.findIndex(({ name }) => name === rowsName);
			// A collection before it may hold another parameter of the same name.
			const jsonAt =
				rowsName === form.json.name
					? Number.POSITIVE_INFINITY
					: controls.findLastIndex(({ name }) => name === form.json.name);
			expect([wire, rowsAt >= 0 && rowsAt < jsonAt]).toEqual([wire, true]);
			if (form.rowsMode)
				expect(controls.find(({ name }) => name === `${wire}Mode`)?.default).toBe(form.rowsMode);
		}
	});

	test('a box for JSON is empty from the start, with an example where n8n’s lint allows it', () => {
		for (const { form, example } of fields) {
			if (!form) continue;
			const box = controls.find(({ name, type }) => name === form.json.name && type !== 'fixedCollection');
			if (example === undefined) {
				expect(box).toMatchObject({ type: 'string', default: '' });
				continue;
			}
			expect(box).toMatchObject({
				type: 'string',
				default: '',
				placeholder: expect.stringMatching(/^e\.g\. [[{]/),
			});
		}
	});
});
