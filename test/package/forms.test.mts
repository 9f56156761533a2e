import { expect, test } from '@jest/globals';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

import { formOf, operations, readOperations } from '../../index.ts';

/*
 * Names, values and defaults of the form are stored in users' workflows. A change that shows up here changes what those
 * workflows do or what their owners read; see the changes with `git diff`, take them over with `jest -u`.
 */

type Entry = INodeProperties | INodePropertyCollection | INodePropertyOptions;

/** `unless platform: web | startsWith(=)`. */
function conditions(word: string, of: Record<string, unknown[] | undefined> = {}): string[] {
	const written = (value: unknown) =>
		typeof value === 'object' && value !== null && '_cnd' in value
			? Object.entries(value._cnd as object)
					.map(([is, what]) => `${is}(${String(what)})`)
					.join()
			: String(value);
	const all = Object.entries(of).map(([name, values = []]) => `${name}: ${values.map(written).join(' | ')}`);
	return all.length ? [`${word} ${all.join(' & ')}`] : [];
}

/** One line for a property, a choice or a repeated part, and one for each that it holds, indented. */
function outline(entry: Entry, indent = ''): string[] {
	const inner = (entries: readonly Entry[] = []) => entries.flatMap((one) => outline(one, `${indent}    `));
	if ('values' in entry) {
		const { name, displayName, values, ...rest } = entry;
		return [`${indent}each ${name} "${displayName}"${others(rest)}`, ...inner(values)];
	}
	if (!('type' in entry)) {
		const { name, value, description, ...rest } = entry as INodePropertyOptions;
		return [
			`${indent}${JSON.stringify(value)} "${name}"${description ? ` – ${description}` : ''}${others(rest)}`,
		];
	}
	const {
		name,
		type,
		default: value,
		required,
		noDataExpression,
		displayOptions,
		displayName,
		placeholder,
		description,
		options,
		...rest
	} = entry;
	const { show, hide, ...otherDisplay } = displayOptions ?? {};
	const facts = [
		`${name}: ${type} = ${JSON.stringify(value)}`,
		...(required ? ['required'] : []),
		...(noDataExpression ? ['no expression'] : []),
		...conditions('if', show),
		...conditions('unless', hide),
	];
	const words = `"${displayName}"${placeholder ? ` [${placeholder}]` : ''}${description ? ` – ${description}` : ''}`;
	return [`${indent}${facts.join(', ')} ${words}${others({ ...rest, ...otherDisplay })}`, ...inner(options)];
}

/** What has no place of its own in a line, so that nothing is left out. */
const others = (rest: object) => (Object.keys(rest).length ? ` ${JSON.stringify(rest)}` : '');

const forms = [
	...operations.map((operation) => [operation.name, () => formOf(operation)] as const),
	...readOperations.map(({ name, form }) => [name, form] as const),
];

test.each(forms)('%s', (_, form) => {
	expect(
		form()
			.flatMap((property) => outline(property))
			.join('\n'),
	).toMatchSnapshot();
});
