/**
 * Stand-ins for those nodes of n8n that the recipes use and that only the whole n8n has: enough of each for the recipes to run
 * in this process. The end-to-end test runs the recipes with n8n's own.
 */
import type {
	GenericValue,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodeType,
} from 'n8n-workflow';

export type TableRow = IDataObject & { id: number };

/** The data tables of a run, by name; rows in the order of their IDs. */
export type Tables = Map<string, TableRow[]>;

type Execute = (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>;

/** n8n takes a parameter only where the description has it; what a parameter holds does not matter to a plain one. */
const parameters = (names: string): INodeProperties[] =>
	names.split(' ').map((name) => ({ displayName: name, name, type: 'string', default: '' }));

const nodeType = (
	name: string,
	properties: INodeProperties[],
	execute: Execute,
	more: Partial<INodeType['description']> = {},
): INodeType => ({
	description: {
		displayName: name,
		name,
		group: ['transform'],
		version: [1, 1.1, 1.2, 2, 2.2, 3],
		description: name,
		defaults: { name },
		inputs: ['main'],
		outputs: ['main'],
		properties,
		...more,
	},
	execute,
});

const passOn: Execute = async function () {
	return [this.getInputData()];
};

/** Runs the code once for all items, with what n8n offers to it. */
const code: Execute = async function () {
	const { $input, $now, $today, DateTime } = this.getWorkflowDataProxy(0) as Record<string, unknown>;
	const offered = { $input, $now, $today, DateTime };
	const AsyncFunction = (async () => undefined).constructor as new (
		...names: string[]
	) => (...values: unknown[]) => Promise<INodeExecutionData[]>;
	const run = new AsyncFunction(...Object.keys(offered), String(this.getNodeParameter('jsCode', 0)));
	const items = await run(...Object.values(offered));
	return [items.map(({ json }) => ({ json, pairedItem: { item: 0 } }))];
};

const branch: Execute = async function () {
	const outputs: INodeExecutionData[][] = [[], []];
	for (const [index, item] of this.getInputData().entries()) {
		const isTrue = this.getNodeParameter('conditions', index, false, { extractValue: true });
		outputs[isTrue ? 0 : 1].push({ ...item, pairedItem: { item: index } });
	}
	return outputs;
};

const stopAndError: Execute = async function () {
	const kind = this.getNodeParameter('errorType', 0, 'errorMessage');
	throw new Error(
		String(this.getNodeParameter(kind === 'errorObject' ? 'errorObject' : 'errorMessage', 0, '')),
	);
};

const merge: Execute = async function () {
	return [[...this.getInputData(0), ...(this.getInputData(1) ?? [])]];
};

type Condition = { keyName: string; condition: string; keyValue?: GenericValue };

const isEmpty = (value: unknown) => value === undefined || value === null || value === '';

function fits(row: TableRow, { keyName, condition, keyValue }: Condition): boolean {
	switch (condition) {
		case 'isEmpty':
			return isEmpty(row[keyName]);
		case 'isNotEmpty':
			return !isEmpty(row[keyName]);
		case 'eq':
			return String(row[keyName]) === String(keyValue);
		default:
			throw new Error(`The stand-in of the Data Table node does not know the condition ${condition}`);
	}
}

/** As a table stores it: dates as ISO text. */
const stored = (value: unknown): IDataObject[string] =>
	(typeof value === 'object' && value !== null
		? JSON.parse(JSON.stringify(value))
		: value) as IDataObject[string];

const dataTable = (tables: Tables): Execute =>
	async function () {
		const items = this.getInputData();
		const parameter = <T,>(name: string, index: number, fallback: unknown = '') =>
			this.getNodeParameter(name, index, fallback as never) as T;
		const rowsOf = (index: number): TableRow[] => {
			const name = parameter<{ value: string }>('dataTableId', index).value;
			const found = tables.get(name);
			if (!found) throw new Error(`There is no data table ${name}`);
			return found;
		};
		const chosen = (index: number): TableRow[] => {
			const conditions = parameter<Condition[]>('filters.conditions', index, []);
			const any = parameter('matchType', index, 'anyCondition') === 'anyCondition';
			return rowsOf(index).filter((row) =>
				any && conditions.length > 0
					? conditions.some((one) => fits(row, one))
					: conditions.every((one) => fits(row, one)),
			);
		};
		const values = (index: number): IDataObject => {
			const { mappingMode, value } = parameter<{ mappingMode: string; value: IDataObject | null }>(
				'columns',
				index,
			);
			const given = mappingMode === 'autoMapInputData' ? items[index].json : (value ?? {});
			return Object.fromEntries(Object.entries(given).map(([name, one]) => [name, stored(one)]));
		};
		const operation = parameter<string>('operation', 0, 'insert');
		const output = items.flatMap((_, index): INodeExecutionData[] => {
			const give = (rows: IDataObject[]) =>
				rows.map((json) => ({ json: { ...json }, pairedItem: { item: index } }));
			switch (operation) {
				case 'create': {
					const name = parameter<string>('tableName', index);
					if (!tables.has(name)) tables.set(name, []);
					return give([{ id: name, name }]);
				}
				case 'insert': {
					const rows = rowsOf(index);
					const row = { id: (rows.at(-1)?.id ?? 0) + 1, ...values(index) } as TableRow;
					rows.push(row);
					return give([row]);
				}
				case 'get':
					return give(chosen(index));
				case 'update':
					return give(chosen(index).map((row) => Object.assign(row, values(index))));
				case 'deleteRows': {
					const gone = chosen(index);
					const rows = rowsOf(index);
					for (const row of gone) rows.splice(rows.indexOf(row), 1);
					return give(gone);
				}
				default:
					throw new Error(`The stand-in of the Data Table node does not know the operation ${operation}`);
			}
		});
		return [output];
	};

const MOMENT = /^\d{4}-\d{2}-\d{2}T/;

/** Moves every moment in the tables back, as if so many hours had passed since. */
export function letPass(tables: Tables, hours: number): void {
	for (const row of [...tables.values()].flat()) {
		for (const [name, value] of Object.entries(row)) {
			if (typeof value === 'string' && MOMENT.test(value))
				row[name] = new Date(Date.parse(value) - hours * 3_600_000).toISOString();
		}
	}
}

/** The stand-ins, with the data tables that they share. */
export function recipeNodes(): { nodes: Record<string, INodeType>; tables: Tables } {
	const tables: Tables = new Map();
	const trigger = { group: ['trigger' as const], inputs: [] };
	const conditions: INodeProperties = {
		displayName: 'Conditions',
		name: 'conditions',
		type: 'filter',
		default: {},
	};
	return {
		tables,
		nodes: {
			'n8n-nodes-base.scheduleTrigger': nodeType('scheduleTrigger', [], passOn, trigger),
			'n8n-nodes-base.webhook': nodeType('webhook', [], passOn, trigger),
			'n8n-nodes-base.code': nodeType('code', parameters('mode jsCode'), code),
			'n8n-nodes-base.if': nodeType('if', [conditions], branch, { outputs: ['main', 'main'] }),
			'n8n-nodes-base.merge': nodeType('merge', [], merge, { inputs: ['main', 'main'] }),
			'n8n-nodes-base.stopAndError': nodeType(
				'stopAndError',
				parameters('errorType errorMessage errorObject'),
				stopAndError,
			),
			'n8n-nodes-base.dataTable': nodeType(
				'dataTable',
				parameters('resource operation tableName dataTableId matchType filters columns returnAll options'),
				dataTable(tables),
			),
		},
	};
}
