/**
 * What the documentation says of the nodes, made from the tables: parts of README.md and README.ru.md between markers, and
 * the page of each vendor. `npm run reference` writes them, and a test fails when they have drifted.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { INodeProperties, INodePropertyCollection, INodePropertyOptions, INodeType } from 'n8n-workflow';

import type {
	Bound,
	Evidence,
	Field,
	Operation,
	SettingRow,
	ValueType,
	Variant,
	Variants,
} from '../../index.ts';
import type { ReadOperation } from '../../nodes/engine/reading/readOperation.ts';

/** What the generator takes from the pack; `index.ts` exports all of it. */
export interface Pack {
	operations: readonly Operation[];
	readOperations: readonly ReadOperation[];
	settingRows: (operation: Operation) => SettingRow[];
	typeInWords: (field: Field) => string;
	boundsOf: (type: ValueType) => Bound[];
	evidenceOf: (field: Field, bound: Bound) => Evidence;
	requiredEvidence: (field: Field) => Evidence;
	STATUSES: ReadonlyArray<{ status: string; failed: boolean; means: string; sendAgain: string }>;
}

/** What the header of a node says: its text in n8n's node panel. */
export interface NodeText {
	name: string;
	description: string;
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
		return [{ name: variantName(variants, variant), oneOf: oneOf?.fields, evidence }];
	});
	const kinds = [...new Set(needs.map(({ oneOf, evidence }) => `${oneOf?.join(', ') ?? ''}|${evidence}`))];
	return kinds
		.map((kind) => {
			const same = needs.filter(({ oneOf, evidence }) => `${oneOf?.join(', ') ?? ''}|${evidence}` === kind);
			const names = same.map(({ name }) => name).join(', ');
			const oneOf = same[0]?.oneOf ? 'this or another ' : '';
			return `${oneOf}required for ${names} (${same[0]?.evidence})`;
		})
		.join('; ');
}

const variantName = ({ travels }: Variants, { value, label }: Variant): string => (travels ? value : label);

/** Fields of which a variant needs one, as rules. */
function oneOfRules({ variants }: Operation): string[] {
	if (!variants) return [];
	return variants.values.flatMap((variant) =>
		(variant.needsOneOf ?? []).map(
			({ fields, evidence }) =>
				`- ${variantName(variants, variant)}: at least one of ${fields.join(', ')} (${evidence ?? variant.evidence})`,
		),
	);
}

/** How a row is known, and each of its bounds that is known from elsewhere. */
function sources(field: Field, pack: Pack): string {
	const bounds = pack
		.boundsOf(field.type)
		.map((bound) => ({ bound, evidence: pack.evidenceOf(field, bound) }))
		.filter(({ evidence }) => evidence !== field.evidence);
	const whole = field.source === undefined ? field.evidence : `[${field.evidence}](${field.source})`;
	return [whole, ...bounds.map(({ bound, evidence }) => `${BOUND_NAMES[bound]}: ${evidence}`)].join('; ');
}

const BOUND_NAMES: Record<Bound, string> = {
	min: 'least',
	above: 'least',
	max: 'most',
	length: 'length',
	maxBytes: 'bytes',
	pattern: 'form',
	places: 'digits after the point',
	whole: 'whole number',
	values: 'list of values',
};

/** Where the form asks for a field: at its top level, or in a group of fields. */
function place(field: Field, operation: Operation): string {
	const section = operation.sections.find(({ name }) => name === field.section);
	return section ? section.label : '';
}

/** One field of one operation. */
interface FieldRow {
	path: string;
	/** What is said of it for every operation alike. */
	cells: string[];
	required: string;
	operation: Operation;
}

function fieldRows(fields: readonly Field[], operation: Operation, pack: Pack, prefix = ''): FieldRow[] {
	return fields.flatMap((field) => {
		const path = `${prefix}${field.wire}`;
		const assumed =
			field.vendorDefault === undefined ? '' : ` If not set, the vendor assumes ${field.vendorDefault}.`;
		const group = place(field, operation);
		const cells = [
			`\`${path}\``,
			field.itemOnly ? 'in other fields' : group ? `${group} → ${field.label}` : field.label,
			pack.typeInWords(field),
			`${field.help.replace(/\.$/, '')}.${assumed}`,
			sources(field, pack),
		];
		const own = { path, cells, required: requirement(field, operation, pack, path), operation };
		// What only the form has becomes other fields, which have rows of their own.
		const inner = field.formOnly
			? []
			: field.type.kind === 'object'
				? fieldRows(field.type.fields, operation, pack, `${path}.`)
				: field.type.kind === 'list'
					? fieldRows(field.type.of, operation, pack, `${path}[].`)
					: [];
		return [own, ...inner];
	});
}

/** What is true of all of these operations once, else each value with its operations: `required (Login)`. */
function byOperation(rows: readonly FieldRow[]): string {
	const values = [...new Set(rows.map(({ required }) => required))];
	if (values.length === 1) return values[0] ?? '';
	return values
		.filter(Boolean)
		.map((value) => {
			const of = rows.filter(({ required }) => required === value).map(({ operation }) => operation.title);
			return `${value}: ${of.join(', ')}`;
		})
		.join('; ');
}

const COLUMNS = ['field', 'in the form', 'value', 'what it is', 'source'];

/** Fields that several operations of a vendor have in the same words: each once. */
function commonFields(common: ReadonlyMap<string, FieldRow[]>, operations: readonly Operation[]): string {
	const rows = [...common.values()].map((rows) => {
		const [first] = rows;
		const titles = rows.map(({ operation }) => operation.title);
		const where = titles.length === operations.length ? 'all' : titles.join(', ');
		return [...(first?.cells ?? []), byOperation(rows), where];
	});
	return table([...COLUMNS, 'required', 'operations'], rows);
}

function operationReference(operation: Operation, own: readonly FieldRow[], pack: Pack): string {
	const { vendor, title, documentation, name, credential } = operation;
	const parts = [
		`## ${vendor} ${title}`,
		`Node \`${name}\`, credential \`${credential.type}\`, [the vendor's documentation](${documentation}).`,
	];
	if (operation.clientStandsIn)
		parts.push(
			"The vendor documents no table of these fields. They are taken from the vendor's own client, and a rule known from its code refuses an event, too.",
		);
	if (own.length)
		parts.push(
			table(
				[...COLUMNS, 'required'],
				own.map(({ cells, required }) => [...cells, required]),
			),
		);
	const rules = operation.rules.map(({ description, evidence }) => `- ${description} (${evidence})`);
	const allRules = [...oneOfRules(operation), ...rules];
	if (allRules.length) parts.push('Rules:', allRules.join('\n'));
	if (operation.reads) {
		const members = fieldRows(operation.reads.fields, operation, pack).map(
			({ cells: [path, , value, help, source] }) => `- ${path}: ${value}. ${help} (${source})`,
		);
		parts.push('In the output, beside `delivery`:', members.join('\n'));
	}
	parts.push('Limits:', operation.limits.map((limit) => `- ${limit}`).join('\n'));
	return parts.join('\n\n');
}

/** The folder of a vendor. */
export const folderOf = (vendor: string): string => vendor.replaceAll(' ', '');

export const vendorsOf = ({ operations }: Pack): string[] => [
	...new Set(operations.map(({ vendor }) => vendor)),
];

/** `nodes/<Vendor>/README.md`: every field of the vendor's operations with its bounds and their evidence. */
export function vendorReference(vendor: string, pack: Pack): string {
	const operations = pack.operations.filter((operation) => operation.vendor === vendor);
	const all = operations.flatMap((operation) => fieldRows(operation.fields, operation, pack));
	const groups = new Map<string, FieldRow[]>();
	for (const row of all) {
		const words = row.cells.join('\n');
		groups.set(words, [...(groups.get(words) ?? []), row]);
	}
	const common = new Map([...groups].filter(([, rows]) => rows.length > 1));
	const isOwn = ({ cells }: FieldRow): boolean => !common.has(cells.join('\n'));
	const readers = pack.readOperations.filter((operation) => operation.vendor === vendor);
	const strict = operations.filter(({ clientStandsIn }) => clientStandsIn).map(({ title }) => `*${title}*`);
	const exceptions = strict.length
		? ` ${strict.join(' and ')} differ: there a rule known from the vendor's code refuses an event, too.`
		: '';
	return [
		`# ${vendor}: fields, rules and limits`,
		'<!-- Generated from the tables: npm run reference -->',
		`*field*: the vendor's own name, for *Map Automatically*. *in the form*: its label, after the group of fields that holds it. *source*: how we know it. The vendor documents it (documented), the vendor's own code shows it (vendor code), or we conclude it (inferred); a bound with another source names it. By default a rule or bound that is not documented does not refuse an event: the event is sent with a warning.${exceptions}`,
		...(common.size ? ['## Fields of several nodes', commonFields(common, operations)] : []),
		...operations.map((operation) =>
			operationReference(
				operation,
				all.filter((row) => row.operation === operation && isOwn(row)),
				pack,
			),
		),
		...readers.map(readerReference),
		...vendorOptions(vendor, pack),
		'',
	]
		.join('\n\n')
		.replace(/\n\n$/, '\n');
}

/** A node that reads, by its form: it has no table of fields. */
function readerReference({ vendor, title, name, credential, documentation, form }: ReadOperation): string {
	return [
		`## ${vendor} ${title}`,
		`Node \`${name}\`, credential \`${credential.type}\`, [the vendor's documentation](${documentation}).`,
		table(['in the form', 'name', 'shown with', 'values', 'default', 'what it does'], formRows(form())),
	].join('\n\n');
}

/** A type of n8n's form, in words. */
const FORM_TYPES: Readonly<Record<string, string>> = {
	options: 'from a list',
	multiOptions: 'from a list',
	dateTime: 'date, with or without a time',
	string: 'text',
	boolean: 'true, false',
};

function formRows(properties: readonly INodeProperties[], within = '', parent?: INodeProperties): string[][] {
	return properties.flatMap((property): string[][] => {
		const {
			displayName,
			name,
			type,
			options = [],
			default: fallback,
			description = '',
			hint = '',
		} = property;
		const inside = `${within}${displayName} → `;
		if (type === 'notice') return [];
		if (type === 'collection') return formRows(options as INodeProperties[], inside, property);
		if (type === 'fixedCollection')
			return (options as INodePropertyCollection[]).flatMap(({ values }) =>
				formRows(values, inside, property),
			);
		const choices = (options as INodePropertyOptions[]).map(({ value, description: means }) =>
			means ? `\`${String(value)}\`: ${means}` : `\`${String(value)}\``,
		);
		return [
			[
				`${within}${displayName}`,
				`\`${name}\``,
				shownWith(property.displayOptions ? property : (parent ?? property)),
				choices.join('; ') || FORM_TYPES[type] || type,
				defaultInWords(fallback),
				// What n8n wants to be said of every list says nothing about the field.
				(description || hint).replace(/ ?Choose from the list, or specify .*$/, ''),
			],
		];
	});
}

function defaultInWords(value: unknown): string {
	if (value === '' || (Array.isArray(value) && value.length === 0)) return 'none';
	return typeof value === 'number' ? value.toLocaleString('en-US') : `\`${String(value)}\``;
}

/** The choices with which a field is shown; long lists by their number. */
const shownWith = ({ displayOptions }: INodeProperties): string =>
	Object.entries(displayOptions?.show ?? {})
		.map(([name, values]) => {
			const shown = values ?? [];
			const which = shown.length > 3 ? `${shown.length} of its values` : shown.map(String).join(', ');
			return `${name.replace('/', '')}: ${which}`;
		})
		.join('; ') || 'always';

/** Options that not every vendor has. */
function vendorOptions(vendor: string, pack: Pack): string[] {
	const common = new Set(commonOptions(pack));
	const own = new Map<string, SettingRow>();
	for (const operation of pack.operations)
		if (operation.vendor === vendor)
			for (const setting of pack.settingRows(operation))
				if (!common.has(setting.name)) own.set(setting.name, setting);
	if (own.size === 0) return [];
	const rows = [...own.values()].map((setting) => [
		`${setting.label} (\`${setting.name}\`)`,
		optionDefault(setting, pack),
		optionValues(setting),
		`${setting.help.replace(/\.$/, '')}.`,
	]);
	return ['## Options of these nodes', table(['option', 'default', 'values', 'what it does'], rows)];
}

function optionDefault(setting: SettingRow, { operations }: Pack): string {
	if (setting.type === 'string') {
		const isApp = operations.some(({ credential }) => credential.app?.option === setting.name);
		return setting.default || (isApp ? 'from the credential' : 'none');
	}
	return typeof setting.default === 'number'
		? setting.default.toLocaleString('en-US')
		: String(setting.default);
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

/** Options that the nodes of every vendor have. */
function commonOptions(pack: Pack): string[] {
	const ofVendors = vendorsOf(pack).map(
		(vendor) =>
			new Set(
				pack.operations
					.filter((operation) => operation.vendor === vendor)
					.flatMap((operation) => pack.settingRows(operation).map(({ name }) => name)),
			),
	);
	const [first, ...others] = ofVendors;
	return [...(first ?? [])].filter((name) => others.every((names) => names.has(name)));
}

/** The options of all nodes once, with each vendor's own default where they differ. */
function optionsReference(pack: Pack): string {
	const all = pack.operations.flatMap((operation) =>
		pack.settingRows(operation).map((setting) => ({ vendor: operation.vendor, setting })),
	);
	const vendors = vendorsOf(pack).length;
	const rows = commonOptions(pack).map((name) => {
		const own = all.filter(({ setting }) => setting.name === name);
		const setting = own[0]?.setting;
		if (!setting) throw new Error(`No option ${name}`);
		const defaults = own.map((entry) => ({
			vendor: entry.vendor,
			value: optionDefault(entry.setting, pack),
		}));
		return [
			`${setting.label} (\`${name}\`)`,
			byVendor(defaults, vendors),
			`${setting.help.replace(/\.$/, '')}.`,
		];
	});
	return table(['option', 'default', 'what it does'], rows);
}

/** One row for each node: what it does, and where its fields are listed. */
function nodesReference(pack: Pack, nodes: readonly NodeText[]): string {
	const rows = [...pack.operations, ...pack.readOperations].map(({ vendor, title, name }) => {
		const anchor = `${vendor} ${title}`.toLowerCase().replaceAll(' ', '-');
		const { description = '' } = nodes.find((node) => node.name === name) ?? {};
		// What a call must give is said for models; a person reads it in the vendor's own page.
		const [sentence = ''] = description.split(/\.(?: |$)/);
		// README has a table of limits.
		const text = sentence.replace(/, up to [\d,]+ .*$/, '');
		const link = `nodes/${folderOf(vendor)}/README.md#${anchor}`;
		return { vendor, cells: [`[${vendor} ${title}](${link}) (\`${name}\`)`, text] };
	});
	const inOrder = vendorsOf(pack).flatMap((vendor) => rows.filter((one) => one.vendor === vendor));
	return table(
		['node', 'what it does'],
		inOrder.map(({ cells }) => cells),
	);
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
export function references(pack: Pack, nodes: readonly NodeText[]): Record<string, string> {
	return {
		nodes: nodesReference(pack, nodes),
		statuses: statusReference(pack),
		options: optionsReference(pack),
	};
}

/** A README with those of the generated parts renewed for which it has markers. */
export function withReferences(readme: string, pack: Pack, nodes: readonly NodeText[]): string {
	return Object.entries(references(pack, nodes)).reduce((text, [name, content]) => {
		const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end of ${name} -->`];
		const from = text.indexOf(begin);
		const to = text.indexOf(end);
		if (from < 0 && to < 0) return text;
		if (from < 0 || to < from) throw new Error(`The markers of '${name}' are broken`);
		return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
	}, readme);
}

/** The headers of the nodes that `package.json` lists; `load` gives the module of a built file. */
export function nodeTexts(built: readonly string[], load: (file: string) => unknown): NodeText[] {
	return built.map((file) => {
		const className = basename(file).split('.')[0] ?? '';
		const Node = (load(file) as Record<string, new () => INodeType>)[className];
		if (!Node) throw new Error(`${file} has no class ${className}`);
		const { name, description } = new Node().description;
		return { name, description };
	});
}

if (process.argv[1] && pathToFileURL(process.argv[1]).pathname.endsWith('/scripts/reference.mts')) {
	const load = createRequire(`${process.cwd()}/package.json`);
	const pack = load('./dist/index.js') as Pack;
	const { n8n } = load('./package.json') as { n8n: { nodes: string[] } };
	const nodes = nodeTexts(n8n.nodes, (file) => load(`./${file}`) as unknown);
	for (const file of ['README.md', 'README.ru.md'])
		writeFileSync(file, withReferences(readFileSync(file, 'utf8'), pack, nodes));
	for (const vendor of vendorsOf(pack))
		writeFileSync(join('nodes', folderOf(vendor), 'README.md'), vendorReference(vendor, pack));
	process.stdout.write('README.md, README.ru.md and nodes/*/README.md: renewed\n');
}
