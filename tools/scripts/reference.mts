/**
 * README's reference, made from the tables: `node scripts/reference.mts` writes it between the markers, and a test fails
 * when it has drifted.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

import type { Bound, Evidence, Field, Operation, SettingRow, ValueType } from '../../index.ts';

/** What the generator takes from the pack; `index.ts` exports all of it. */
export interface Pack {
	operations: readonly Operation[];
	settingRows: (operation: Operation) => SettingRow[];
	typeInWords: (field: Field) => string;
	boundsOf: (type: ValueType) => Bound[];
	evidenceOf: (field: Field, bound: Bound) => Evidence;
	requiredEvidence: (field: Field) => Evidence;
	STATUSES: ReadonlyArray<{ status: string; failed: boolean; means: string; sendAgain: string }>;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (...cells: string[]): string => `| ${cells.map(cell).join(' | ')} |`;
const table = (head: string[], rows: string[][]): string =>
	[row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

/** `required for VK Mini Apps (documented)`: where a field is required, and how that is known. */
function requirement(field: Field, operation: Operation, pack: Pack, path: string): string {
	if (field.required) return `required (${pack.requiredEvidence(field)})`;
	const { variants } = operation;
	if (!variants) return '';
	const needs = variants.values.flatMap((variant) => {
		const need = variant.needs?.find((one) => one.field === path);
		const oneOf = variant.needsOneOf?.find(({ fields }) => fields.includes(path));
		if (!need && !oneOf) return [];
		const evidence = need?.evidence ?? oneOf?.evidence ?? variant.evidence;
		return [{ name: variants.travels ? variant.value : variant.label, oneOf: oneOf?.fields, evidence }];
	});
	const kinds = [...new Set(needs.map(({ oneOf, evidence }) => `${oneOf?.join(', ') ?? ''}|${evidence}`))];
	return kinds
		.map((kind) => {
			const same = needs.filter(({ oneOf, evidence }) => `${oneOf?.join(', ') ?? ''}|${evidence}` === kind);
			const names = same.map(({ name }) => name).join(', ');
			const oneOf = same[0]?.oneOf ? `one of ${same[0].oneOf.join(', ')} ` : '';
			return `${oneOf}required for ${names} (${same[0]?.evidence})`;
		})
		.join('; ');
}

/** How a row is known, and each of its bounds that is known from elsewhere. */
function sources(field: Field, pack: Pack): string {
	const bounds = pack
		.boundsOf(field.type)
		.map((bound) => ({ bound, evidence: pack.evidenceOf(field, bound) }))
		.filter(({ evidence }) => evidence !== field.evidence);
	return [field.evidence, ...bounds.map(({ bound, evidence }) => `${BOUND_NAMES[bound]}: ${evidence}`)].join(
		'; ',
	);
}

const BOUND_NAMES: Record<Bound, string> = {
	min: 'least',
	max: 'most',
	length: 'length',
	pattern: 'form',
	whole: 'whole number',
	values: 'list of values',
};

/** Where the form asks for a field. */
function place(field: Field, operation: Operation): string {
	const section = operation.sections.find(({ name }) => name === field.section);
	return section ? section.label : '';
}

function fieldRows(fields: readonly Field[], operation: Operation, pack: Pack, prefix = ''): string[][] {
	return fields.flatMap((field) => {
		const path = `${prefix}${field.wire}`;
		const notes = [requirement(field, operation, pack, path), place(field, operation)]
			.filter(Boolean)
			.join('; ');
		const assumed =
			field.vendorDefault === undefined ? '' : ` Not set, the vendor assumes ${field.vendorDefault}.`;
		const own = [
			`\`${path}\``,
			field.label,
			pack.typeInWords(field),
			notes,
			`${field.help.replace(/\.$/, '')}.${assumed}`,
			sources(field, pack),
		];
		const inner =
			field.type.kind === 'object'
				? fieldRows(field.type.fields, operation, pack, `${path}.`)
				: field.type.kind === 'list'
					? fieldRows(field.type.of, operation, pack, `${path}[].`)
					: [];
		return [own, ...inner];
	});
}

function optionDefault(setting: SettingRow): string {
	if (setting.type === 'string') return setting.default || 'from the credential';
	return typeof setting.default === 'number'
		? setting.default.toLocaleString('en-US')
		: String(setting.default);
}

function operationReference(operation: Operation, pack: Pack): string {
	const { vendor, title, documentation, name, credential } = operation;
	const parts = [
		`### ${vendor} ${title}`,
		`Node \`${name}\`, credential \`${credential.type}\`, [the vendor's documentation](${documentation}).`,
		table(
			['field', 'in the form', 'value', 'where', 'what it is', 'source'],
			fieldRows(operation.fields, operation, pack),
		),
	];
	if (operation.rules.length) {
		parts.push(
			'Rules:',
			operation.rules.map(({ description, evidence }) => `- ${description} (${evidence})`).join('\n'),
		);
	}
	parts.push('Limits:', operation.limits.map((limit) => `- ${limit}`).join('\n'));
	return parts.join('\n\n');
}

function optionValues(setting: SettingRow): string {
	switch (setting.type) {
		case 'number':
			return `${setting.min.toLocaleString('en-US')} to ${setting.max.toLocaleString('en-US')}`;
		case 'options':
			return setting.values.map(({ value }) => `\`${value}\``).join(', ');
		case 'boolean':
			return 'true, false';
		case 'string':
			return 'text';
	}
}

/** What the vendors have in common once, else each with its vendors: `20 (MyTracker); 50 (Vibetrace)`. */
function byVendor(entries: Array<{ vendor: string; value: string }>, vendors: number): string {
	const grouped = new Map<string, Set<string>>();
	for (const { vendor, value } of entries)
		grouped.set(value, (grouped.get(value) ?? new Set<string>()).add(vendor));
	return [...grouped]
		.map(([value, of]) =>
			grouped.size === 1 && of.size === vendors ? value : `${value} (${[...of].join(', ')})`,
		)
		.join('; ');
}

/** Options once, with each vendor's own default and values where they differ. */
function optionsReference(pack: Pack): string {
	const all = pack.operations.flatMap((operation) =>
		pack.settingRows(operation).map((setting) => ({ vendor: operation.vendor, setting })),
	);
	const vendors = new Set(pack.operations.map(({ vendor }) => vendor)).size;
	const names = [...new Set(all.map(({ setting }) => setting.name))];
	const rows = names.map((name) => {
		const own = all.filter(({ setting }) => setting.name === name);
		const [{ setting }] = own;
		const cellOf = (read: (setting: SettingRow) => string) =>
			byVendor(
				own.map((entry) => ({ vendor: entry.vendor, value: read(entry.setting) })),
				vendors,
			);
		return [
			`\`${name}\``,
			setting.label,
			cellOf(optionDefault),
			cellOf(optionValues),
			`${setting.help.replace(/\.$/, '')}.`,
		];
	});
	return table(['option', 'in the form', 'default', 'values', 'what it does'], rows);
}

function statusReference(pack: Pack): string {
	return table(
		['status', 'meaning', 'counts as failed', 'send it again?'],
		pack.STATUSES.map(({ status, failed, means, sendAgain }) => [
			`\`${status}\``,
			means,
			failed ? 'yes' : 'no',
			sendAgain,
		]),
	);
}

/** The generated parts by the name of their marker. */
export function references(pack: Pack): Record<string, string> {
	return {
		statuses: statusReference(pack),
		options: optionsReference(pack),
		fields: pack.operations.map((operation) => operationReference(operation, pack)).join('\n\n'),
	};
}

/** README with its generated parts renewed. A marker that is missing is an error. */
export function withReferences(readme: string, pack: Pack): string {
	return Object.entries(references(pack)).reduce((text, [name, content]) => {
		const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end of ${name} -->`];
		const from = text.indexOf(begin);
		const to = text.indexOf(end);
		if (from < 0 || to < from) throw new Error(`README.md has no markers for '${name}'`);
		return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
	}, readme);
}

if (process.argv[1] && pathToFileURL(process.argv[1]).pathname.endsWith('/scripts/reference.mts')) {
	const pack = createRequire(`${process.cwd()}/package.json`)('./dist/index.js') as Pack;
	writeFileSync('README.md', withReferences(readFileSync('README.md', 'utf8'), pack));
	process.stdout.write('README.md: reference renewed\n');
}
