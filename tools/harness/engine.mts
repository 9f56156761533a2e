/**
 * Runs a workflow JSON on n8n's own engine (n8n-core) inside this process: no server, no database.
 *
 * The package under test is loaded from its built `dist/` by n8n's own package loader, so what runs here is what n8n
 * would run. n8n-core and n8n-workflow are always taken as CommonJS, also when this file runs as an ES module: n8n-core
 * requires the CommonJS build, and two copies of n8n-workflow would not recognise each other's errors and logger.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type * as N8nCore from 'n8n-core';
import type {
	ExecutionStatus,
	GenericValue,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IConnections,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeExecutionData,
	INodeParameters,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
	INodeTypes,
	IPinData,
	IRun,
	IRunData,
	IRunExecutionData,
	ITaskData,
	IWorkflowExecuteAdditionalData,
	IWorkflowSettings,
	NodeExecutionHint,
	Workflow as WorkflowClass,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import type * as N8nWorkflow from 'n8n-workflow';

import { createDeduplicator, ProcessedData } from './processedData.mts';

/** A workflow as n8n exports it; only `nodes` and `connections` are needed. `executionOrder` defaults to `v1`, as in the editor. */
export interface WorkflowJson {
	id?: string;
	name?: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	staticData?: IDataObject;
	pinData?: IPinData;
}

/** One line of the log. `via` is `node` for `this.logger` and n8n's services, `engine` for the engine's own remarks. */
export interface LogLine {
	level: 'error' | 'warn' | 'info' | 'debug';
	message: string;
	meta: Record<string, unknown>;
	via: 'node' | 'engine';
}

export interface RunOptions {
	/** Decrypted values by credential type. A node still has to name the credential in its `credentials`, as in n8n. */
	credentials?: Record<string, ICredentialDataDecryptedObject>;
	/** Items of the `test.items` nodes by node name, given by reference: plain objects, or whole items with `json`. */
	items?: Record<string, Array<IDataObject | INodeExecutionData>>;
	/** Pinned outputs by node name: such a node is not run. */
	pinData?: IPinData;
	/** A signal, or a function that receives `cancel`: what the Stop button does. */
	cancelAfter?: AbortSignal | ((cancel: () => void) => void);
	/** Unix milliseconds after which the engine starts no further node (n8n's workflow timeout also cancels: use `cancelAfter`). */
	executionTimeoutTimestamp?: number;
	/** `manual` (the editor) unless told; `trigger`, `webhook`, `retry`, … */
	executionMode?: WorkflowExecuteMode;
	/** Name of the node to start from; else the manual trigger, else the first node that nothing leads to. */
	startNode?: string;
	/** What `getContext` finds at the start, by n8n's own keys: `{ 'node:<node name>': {…}, flow: {…} }`. */
	contextData?: Record<string, IDataObject>;
	/** A run that ended in an error: continue it as the Retry button of the executions list does. Parameters of the workflow given are used. */
	retryOf?: RunResult;
	/** `$vars`. */
	variables?: IDataObject;
	/** n8n's table of processed data, to be shared by executions; an empty one unless told. */
	processedData?: ProcessedData;
	executionId?: string;
}

export interface RunResult {
	/** `canceled` when it was stopped, even when the node returned. */
	status: ExecutionStatus;
	/** n8n's own record, task data by node name. */
	runData: IRunData;
	/** `getContext` storage after the run, by n8n's keys. */
	contextData: Record<string, IDataObject>;
	/** Everything logged during the run, in order, with the engine's debug lines. */
	log: LogLine[];
	/** How often a credential was decrypted. */
	credentialReads: number;
	/** Names of the nodes whose data n8n had at the moment of saving; after a cancel the running node is not among them. */
	savedNodes: string[];
	/** The whole record of the execution, what n8n stores; input of `retryOf`. */
	data: IRunExecutionData;
	/** Runs of the node (loops); tries of Retry On Fail are not runs, see `tries`. */
	runs(nodeName: string): number;
	/** How often the engine called the node, tries included. */
	tries(nodeName: string): number;
	/** Items of each main output, of the last run unless told. Empty if the node did not run. */
	nodeOutputs(nodeName: string, run?: number): INodeExecutionData[][];
	/** Error of the node's last run, or of the whole execution if no node is named. */
	error(
		nodeName?: string,
	): (Error & { description?: string | null; context?: IDataObject; httpCode?: string | null }) | undefined;
	hints(nodeName: string, run?: number): NodeExecutionHint[];
}

export interface ToolResult {
	/** What the model receives: JSON text of the list of `json` of output 0. */
	response?: string;
	/** What the tool call threw, if it did. */
	error?: Error;
	run: RunResult;
}

export interface Engine {
	/** Loaded node types by full name, `<package>.<name>`. */
	nodeTypes: Record<string, INodeType>;
	credentialTypes: Record<string, ICredentialType>;
	run(workflow: WorkflowJson, options?: RunOptions): Promise<RunResult>;
	/** Runs one node the way an AI agent of n8n calls it as a tool (`isToolExecution()` is true there). */
	runAsTool(
		node: Partial<INode> & { type: string },
		args: IDataObject,
		options?: RunOptions,
	): Promise<ToolResult>;
	close(): Promise<void>;
}

export interface EngineOptions {
	/** Folder with the `package.json` whose `n8n` key lists the built files. */
	packageDirectory: string;
	/** Further node types by full name; they win over the built-in stand-ins. */
	extraNodes?: Record<string, INodeType>;
}

interface Current {
	log: LogLine[];
	credentials: Record<string, ICredentialDataDecryptedObject>;
	credentialReads: number;
	items: Record<string, Array<IDataObject | INodeExecutionData>>;
	tries: Record<string, number>;
	processedData: ProcessedData;
}

interface Host {
	core: typeof N8nCore;
	workflow: typeof N8nWorkflow;
}

let host: Host | undefined;

/** Parallel runs share one n8n container; this tells their log lines and credentials apart. */
const current = new AsyncLocalStorage<Current>();

function writeLine(level: LogLine['level'], via: LogLine['via'], message: string, meta?: object): void {
	current.getStore()?.log.push({ level, message, meta: { ...meta }, via });
}

function makeLogger(via: LogLine['via']) {
	const logger = {
		error: (message: string, meta?: object) => writeLine('error', via, message, meta),
		warn: (message: string, meta?: object) => writeLine('warn', via, message, meta),
		info: (message: string, meta?: object) => writeLine('info', via, message, meta),
		debug: (message: string, meta?: object) => writeLine('debug', via, message, meta),
		scoped: () => logger,
	};
	return logger;
}

/** Loads n8n once per process (about a second) and puts in place what n8n's server would. */
function loadHost(): Host {
	if (host) return host;
	const load = createRequire(join(process.cwd(), 'package.json'));
	const loadFromCore = createRequire(load.resolve('n8n-core'));

	const core = load('n8n-core') as typeof N8nCore;
	const workflow = load('n8n-workflow') as typeof N8nWorkflow;
	const { Container } = loadFromCore('@n8n/di') as {
		Container: { set(token: unknown, value: unknown): void };
	};
	const { Logger } = loadFromCore('@n8n/backend-common') as { Logger: unknown };

	Container.set(Logger, makeLogger('node'));
	workflow.LoggerProxy.init(makeLogger('engine'));
	// The real class writes a key file into the user's home folder.
	Container.set(core.InstanceSettings, {
		instanceId: 'test-instance',
		hmacSignatureSecret: 'test-signature',
		encryptionKey: 'test-encryption',
		n8nFolder: join(tmpdir(), 'n8n-engine-test'),
		instanceType: 'main',
		isWorker: false,
	});

	void core.DataDeduplicationService.init(
		createDeduplicator(() => current.getStore()?.processedData ?? new ProcessedData()),
	);

	host = { core, workflow };
	return host;
}

/** Reads a built package as n8n does at start: the `n8n` key of its package.json, classes from `dist/`, codex and icons. */
export async function loadPack(packageDirectory: string): Promise<{
	packageName: string;
	nodes: Record<string, INodeType>;
	credentials: Record<string, ICredentialType>;
	supportedNodes: Record<string, string[]>;
}> {
	const { core, workflow } = loadHost();
	const loader = new core.PackageDirectoryLoader(resolve(packageDirectory));
	await loader.loadAll();
	const nodes: Record<string, INodeType> = {};
	for (const [name, { type }] of Object.entries(loader.nodeTypes)) {
		nodes[`${loader.packageName}.${name}`] = workflow.NodeHelpers.getVersionedNodeType(type);
	}
	const credentials: Record<string, ICredentialType> = {};
	const supportedNodes: Record<string, string[]> = {};
	for (const [name, { type }] of Object.entries(loader.credentialTypes)) {
		credentials[name] = type;
		supportedNodes[name] = (loader.known.credentials[name]?.supportedNodes ?? []).map(
			(node) => `${loader.packageName}.${node}`,
		);
	}
	return { packageName: loader.packageName, nodes, credentials, supportedNodes };
}

function describe(name: string, more: Partial<INodeTypeDescription> = {}): INodeTypeDescription {
	return {
		displayName: name,
		name,
		group: ['transform'],
		version: 1,
		description: name,
		defaults: { name },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
		...more,
	};
}

function asItem(value: IDataObject | INodeExecutionData): INodeExecutionData {
	const isItem =
		typeof value.json === 'object' &&
		value.json !== null &&
		Object.keys(value).every((key) => ['json', 'binary', 'pairedItem', 'error'].includes(key));
	return isItem ? (value as INodeExecutionData) : { json: value as IDataObject };
}

/** Stand-ins for the few nodes of n8n that the workflows of the tests need. */
function standIns(): Record<string, INodeType> {
	const passOn = async function (this: IExecuteFunctions) {
		return [this.getInputData()];
	};
	return {
		'n8n-nodes-base.manualTrigger': {
			description: describe('manualTrigger', { group: ['trigger'], inputs: [] }),
			execute: passOn,
		},
		'n8n-nodes-base.noOp': { description: describe('noOp'), execute: passOn },
		'n8n-nodes-base.stickyNote': {
			description: describe('stickyNote', { inputs: [], outputs: [] }),
			execute: passOn,
		},
		'test.items': {
			description: describe('items', {
				properties: [{ displayName: 'Items', name: 'items', type: 'json', default: '' }],
			}),
			async execute(this: IExecuteFunctions) {
				const given = current.getStore()?.items[this.getNode().name];
				let items: unknown = given ?? this.getNodeParameter('items', 0, []);
				if (typeof items === 'string') items = items === '' ? [] : JSON.parse(items);
				return [(items as IDataObject[]).map((value) => ({ ...asItem(value), pairedItem: { item: 0 } }))];
			},
		},
		'test.loop': {
			description: describe('loop', {
				outputs: ['main', 'main'],
				properties: [{ displayName: 'Batch Size', name: 'batchSize', type: 'number', default: 1 }],
			}),
			/** Like Loop Over Items: output 1 is the next batch, output 0 everything that came back. */
			async execute(this: IExecuteFunctions) {
				const context = this.getContext('node') as {
					waiting?: INodeExecutionData[];
					done?: INodeExecutionData[];
				};
				const size = this.getNodeParameter('batchSize', 0) as number;
				const input = this.getInputData();
				if (context.waiting === undefined) {
					context.waiting = [...input];
					context.done = [];
				} else {
					context.done?.push(...input);
				}
				const batch = context.waiting.splice(0, size).map((item) => ({ ...item, pairedItem: { item: 0 } }));
				if (batch.length > 0) return [[], batch];
				const done = (context.done ?? []).map((item) => ({ ...item, pairedItem: { item: 0 } }));
				return [done, []];
			},
		},
	};
}

/** The twin that n8n makes of a node with `usableAsTool`: same code, no main input, output `ai_tool`. */
function toolTwin(type: INodeType): INodeType {
	if (!type.description.usableAsTool)
		throw new Error(`Node cannot be used as a tool: ${type.description.name}`);
	const properties: INodeProperties[] = [
		{
			displayName: 'Description',
			name: 'toolDescription',
			type: 'string',
			default: type.description.description,
			required: true,
		},
		...type.description.properties,
	];
	const description: INodeTypeDescription = {
		...type.description,
		name: `${type.description.name}Tool`,
		displayName: `${type.description.displayName} Tool`,
		inputs: [],
		outputs: ['ai_tool'],
		properties,
	};
	delete description.usableAsTool;
	return Object.create(type, { description: { value: description } }) as INodeType;
}

/** n8n's credentials helper over values in memory: defaults, expressions, generic and function `authenticate`, pre-authentication. */
function makeCredentialsHelper(
	types: Record<string, ICredentialType>,
	supportedNodes: Record<string, string[]>,
) {
	const { core, workflow: n8n } = loadHost();

	/** Kept as JSON text, so that every read is a fresh copy, as after decryption. */
	class StoredCredentials extends n8n.ICredentials {
		async getData(): Promise<ICredentialDataDecryptedObject> {
			return n8n.jsonParse(this.data ?? '{}');
		}

		async setData(data: ICredentialDataDecryptedObject): Promise<void> {
			this.data = JSON.stringify(data);
		}

		async updateData(data: Partial<ICredentialDataDecryptedObject>): Promise<void> {
			await this.setData({ ...(await this.getData()), ...(data as ICredentialDataDecryptedObject) });
		}

		getDataToSave() {
			return { id: this.id ?? '', name: this.name, type: this.type, data: this.data ?? '' };
		}
	}

	class TestCredentialsHelper extends n8n.ICredentialsHelper {
		type(name: string): ICredentialType {
			const type = types[name];
			if (!type) throw new Error(`Unrecognized credential type: ${name}`);
			return type;
		}

		getParentTypes(name: string): string[] {
			const parents = types[name]?.extends ?? [];
			return [...parents, ...parents.flatMap((parent) => this.getParentTypes(parent))];
		}

		isCredentialUsableByNode(credentialType: string, nodeType: string): boolean {
			const type = types[credentialType];
			if (!type?.restrictToSupportedNodes) return true;
			return (supportedNodes[credentialType] ?? []).includes(nodeType);
		}

		getCredentialsProperties(name: string): INodeProperties[] {
			const type = this.type(name);
			const properties: INodeProperties[] = [];
			for (const parent of type.extends ?? []) {
				n8n.NodeHelpers.mergeNodeProperties(properties, this.getCredentialsProperties(parent));
			}
			n8n.NodeHelpers.mergeNodeProperties(properties, type.properties);
			return properties;
		}

		resolveValue(
			value: string,
			credentials: ICredentialDataDecryptedObject,
			workflow: WorkflowClass,
			node: INode,
		): string {
			if (!n8n.isExpression(value)) return value;
			const resolved = workflow.expression.getSimpleParameterValue(
				node,
				value,
				'internal',
				{ $credentials: credentials } as never,
				undefined,
				'',
			);
			return resolved ? String(resolved) : '';
		}

		async authenticate(
			credentials: ICredentialDataDecryptedObject,
			typeName: string,
			incoming: IHttpRequestOptions,
			workflow?: WorkflowClass,
			node?: INode,
		): Promise<IHttpRequestOptions> {
			const { authenticate } = this.type(typeName);
			const options = incoming as unknown as Record<string, Record<string, unknown>>;
			if (typeof authenticate === 'function') return await authenticate(credentials, incoming);
			if (typeof authenticate !== 'object') return incoming;
			if (!workflow || !node)
				throw new Error('Workflow and node are required for declarative credential authentication');
			options.headers ??= {};
			for (const [outerKey, outerValue] of Object.entries(authenticate.properties)) {
				for (const [key, value] of Object.entries(outerValue as Record<string, string>)) {
					const name = this.resolveValue(key, credentials, workflow, node);
					options[outerKey] ||= {};
					options[outerKey][name] = this.resolveValue(value, credentials, workflow, node);
				}
			}
			return incoming;
		}

		async preAuthentication(
			helpers: IHttpRequestHelper,
			credentials: ICredentialDataDecryptedObject,
			typeName: string,
			node: INode,
			credentialsExpired: boolean,
		): Promise<ICredentialDataDecryptedObject | undefined> {
			const type = this.type(typeName);
			const expirable = type.properties.find(
				(property) => property.type === 'hidden' && property.typeOptions?.expirable === true,
			);
			if (!expirable || typeof type.preAuthentication !== 'function') return undefined;
			if (credentials[expirable.name] !== '' && !credentialsExpired) return undefined;
			const output = await type.preAuthentication.call(helpers, credentials);
			if (output[expirable.name] === undefined || !node.credentials) return undefined;
			return Object.assign(credentials, output);
		}

		async runPreAuthentication(
			helpers: IHttpRequestHelper,
			credentials: ICredentialDataDecryptedObject,
			typeName: string,
		) {
			const type = this.type(typeName);
			if (typeof type.preAuthentication !== 'function') return undefined;
			return (await type.preAuthentication.call(helpers, credentials)) as ICredentialDataDecryptedObject;
		}

		async getCredentials(nodeCredentials: INodeCredentialsDetails, type: string) {
			if (!nodeCredentials.id) throw new Error(`Found credential with no ID: ${type}`);
			const credentials = new StoredCredentials({ id: nodeCredentials.id, name: nodeCredentials.name }, type);
			const values = current.getStore()?.credentials[type];
			if (!values)
				throw new Error(`Credential with ID "${nodeCredentials.id}" does not exist for type "${type}".`);
			await credentials.setData(values);
			return credentials;
		}

		async getDecrypted(
			additionalData: IWorkflowExecuteAdditionalData,
			nodeCredentials: INodeCredentialsDetails,
			type: string,
			mode: WorkflowExecuteMode,
			executeData?: N8nWorkflow.IExecuteData,
			raw?: boolean,
			resolveValues?: N8nWorkflow.ICredentialsExpressionResolveValues,
		): Promise<ICredentialDataDecryptedObject> {
			const run = current.getStore();
			if (run) run.credentialReads += 1;
			const stored = await (await this.getCredentials(nodeCredentials, type)).getData();
			if (raw === true) return stored;
			const values = n8n.NodeHelpers.getNodeParameters(
				this.getCredentialsProperties(type),
				stored as INodeParameters,
				true,
				false,
				null,
				null,
			) as ICredentialDataDecryptedObject;
			if (!resolveValues) return values;
			return resolveValues.workflow.expression.getParameterValue(
				values as INodeParameters,
				resolveValues.runExecutionData,
				resolveValues.runIndex,
				resolveValues.itemIndex,
				resolveValues.node.name,
				resolveValues.connectionInputData,
				mode,
				core.getAdditionalKeys(additionalData, mode, null, { isCredential: true }),
				executeData,
				false,
				values as never,
			) as ICredentialDataDecryptedObject;
		}

		async updateCredentials(): Promise<void> {}

		async updateCredentialsOauthTokenData(): Promise<void> {}
	}
	return new TestCredentialsHelper();
}

function findStartNode(workflow: WorkflowClass): string {
	const nodes = Object.values(workflow.nodes).filter(
		(node) => node.type !== 'n8n-nodes-base.stickyNote' && node.disabled !== true,
	);
	const trigger = nodes.find((node) => node.type === 'n8n-nodes-base.manualTrigger');
	const first =
		trigger ?? nodes.find((node) => workflow.connectionsByDestinationNode[node.name]?.main === undefined);
	if (!first) throw new Error('The workflow has no node to start from');
	return first.name;
}

/**
 * Undoes what an error left behind, as n8n's Retry button does (n8n 2.41: ExecutionService.retry), on a copy that went
 * through n8n's storage format, so nothing that n8n would lose survives here.
 */
function prepareRetry(previous: RunResult, workflow: WorkflowClass): IRunExecutionData {
	const n8n = loadHost().workflow;
	const data = n8n.jsonParse<IRunExecutionData>(
		n8n.jsonStringify(previous.data, { replaceCircularRefs: true }),
	);
	const { lastNodeExecuted, runData } = data.resultData;
	if (!data.executionData) throw new Error('An execution without execution data cannot be retried');
	if (lastNodeExecuted) {
		delete data.resultData.error;
		const tasks = runData[lastNodeExecuted];
		if (tasks?.at(-1)?.error !== undefined) tasks.pop();
	}
	for (const entry of data.executionData.nodeExecutionStack) {
		const node = workflow.getNode(entry.node.name);
		if (!node) throw new Error(`Could not find the node "${entry.node.name}" in workflow`);
		entry.node = node;
	}
	return data;
}

/** Loads the package once; the engine may run any number of workflows, also at the same time. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
	const { core, workflow: n8n } = loadHost();
	const pack = await loadPack(options.packageDirectory);
	const all: Record<string, INodeType> = { ...standIns(), ...pack.nodes, ...options.extraNodes };
	const nodeTypes: INodeTypes = {
		getByName: (name) => all[name] as INodeType,
		getByNameAndVersion: (name, version) => {
			const found = all[name];
			return found && n8n.NodeHelpers.getVersionedNodeType(found, version);
		},
		getKnownTypes: () => ({}),
	};
	const credentialsHelper = makeCredentialsHelper(pack.credentials, pack.supportedNodes);
	let closed = false;

	function makeWorkflow(json: WorkflowJson): WorkflowClass {
		return new n8n.Workflow({
			id: json.id ?? 'test-workflow',
			name: json.name ?? 'Test workflow',
			// The constructor writes the resolved parameters into the nodes.
			nodes: n8n.deepCopy(json.nodes),
			connections: json.connections,
			active: false,
			nodeTypes,
			settings: { executionOrder: 'v1', ...json.settings },
			staticData: json.staticData,
			pinData: json.pinData,
		});
	}

	function makeAdditionalData(
		runOptions: RunOptions,
		executionId: string,
		hooks: unknown,
	): IWorkflowExecuteAdditionalData {
		const unavailable = (what: string) => async () => {
			throw new Error(`${what} is not available in the test engine`);
		};
		return {
			executionId,
			hooks,
			currentNodeExecutionIndex: 0,
			credentialsHelper,
			executeWorkflow: unavailable('executeWorkflow'),
			getRunExecutionData: async () => undefined,
			getRuntimeCredential: async () => undefined,
			startRunnerTask: unavailable('startRunnerTask'),
			logAiEvent: () => {},
			variables: runOptions.variables ?? {},
			executionTimeoutTimestamp: runOptions.executionTimeoutTimestamp,
			// The engine builds URLs from these when it routes an error output: without them it throws there.
			restApiUrl: 'http://localhost:5678/rest',
			instanceBaseUrl: 'http://localhost:5678/',
			formBaseUrl: 'http://localhost:5678/form',
			formWaitingBaseUrl: 'http://localhost:5678/form-waiting',
			formTestBaseUrl: 'http://localhost:5678/form-test',
			webhookBaseUrl: 'http://localhost:5678/webhook',
			webhookWaitingBaseUrl: 'http://localhost:5678/webhook-waiting',
			webhookTestBaseUrl: 'http://localhost:5678/webhook-test',
			mcpBaseUrl: 'http://localhost:5678/mcp',
			mcpTestBaseUrl: 'http://localhost:5678/mcp-test',
		} as unknown as IWorkflowExecuteAdditionalData;
	}

	function toResult(run: IRun, state: Current, savedNodes: string[], canceled: boolean): RunResult {
		const { runData } = run.data.resultData;
		const task = (nodeName: string, index?: number): ITaskData | undefined =>
			index === undefined ? runData[nodeName]?.at(-1) : runData[nodeName]?.[index];
		return {
			status: canceled ? 'canceled' : run.status,
			runData,
			contextData: (run.data.executionData?.contextData ?? {}) as Record<string, IDataObject>,
			log: state.log,
			credentialReads: state.credentialReads,
			savedNodes,
			data: run.data,
			runs: (nodeName) => runData[nodeName]?.length ?? 0,
			tries: (nodeName) => state.tries[nodeName] ?? 0,
			nodeOutputs: (nodeName, index) => (task(nodeName, index)?.data?.main ?? []).map((items) => items ?? []),
			error: (nodeName) =>
				(nodeName === undefined ? run.data.resultData.error : task(nodeName)?.error) as ReturnType<
					RunResult['error']
				>,
			hints: (nodeName, index) => task(nodeName, index)?.hints ?? [],
		};
	}

	async function run(json: WorkflowJson, runOptions: RunOptions = {}): Promise<RunResult> {
		if (closed) throw new Error('This engine is closed');
		const state: Current = {
			log: [],
			credentials: runOptions.credentials ?? {},
			credentialReads: 0,
			items: runOptions.items ?? {},
			tries: {},
			processedData: runOptions.processedData ?? new ProcessedData(),
		};
		return await current.run(state, async () => {
			const mode = runOptions.executionMode ?? (runOptions.retryOf ? 'retry' : 'manual');
			const executionId = runOptions.executionId ?? '1';
			const hooks = new core.ExecutionLifecycleHooks(mode, executionId, json as never);
			let savedNodes: string[] | undefined;
			hooks.addHandler('workflowExecuteAfter', async (fullRunData) => {
				savedNodes ??= Object.keys(fullRunData.data.resultData.runData);
			});
			const workflow = makeWorkflow(json);
			const pinData = runOptions.pinData ?? json.pinData;
			const data = runOptions.retryOf
				? prepareRetry(runOptions.retryOf, workflow)
				: n8n.createRunExecutionData({
						executionData: {
							contextData: runOptions.contextData ?? {},
							nodeExecutionStack: [
								{
									node: workflow.getNode(runOptions.startNode ?? findStartNode(workflow)) as INode,
									data: { main: [[{ json: {} }]] },
									source: null,
								},
							],
						},
						resultData: { pinData },
					});
			const execution = new core.WorkflowExecute(
				makeAdditionalData(runOptions, executionId, hooks),
				mode,
				data,
			);
			// The engine keeps no count of the tries of Retry On Fail.
			const runNode = execution.runNode.bind(execution);
			execution.runNode = async (...args) => {
				const { name } = args[1].node;
				state.tries[name] = (state.tries[name] ?? 0) + 1;
				return await runNode(...args);
			};

			let canceled = false;
			let pending: ReturnType<typeof execution.processRunExecutionData>;
			try {
				pending = execution.processRunExecutionData(workflow);
			} catch (error) {
				// A required parameter is empty or a node type is unknown: the engine refuses before any node runs.
				data.resultData.error = error as never;
				const refused = { data, mode, startedAt: new Date(), status: 'error' } as unknown as IRun;
				return toResult(refused, state, [], false);
			}
			const cancel = () => {
				canceled = true;
				pending.cancel();
			};
			const { cancelAfter } = runOptions;
			if (typeof cancelAfter === 'function') cancelAfter(cancel);
			else if (cancelAfter?.aborted) cancel();
			else cancelAfter?.addEventListener('abort', cancel, { once: true });
			try {
				const finished = await pending;
				return toResult(finished, state, savedNodes ?? [], canceled);
			} finally {
				if (cancelAfter instanceof AbortSignal) cancelAfter.removeEventListener('abort', cancel);
			}
		});
	}

	async function runAsTool(
		node: Partial<INode> & { type: string },
		args: IDataObject,
		runOptions: RunOptions = {},
	): Promise<ToolResult> {
		const type = all[node.type];
		if (!type) throw new Error(`Unknown node type: ${node.type}`);
		const outcome: Omit<ToolResult, 'run'> = {};
		const toolName = `${node.type}Tool`;
		all[toolName] ??= toolTwin(type);
		all['test.agent'] ??= {
			description: describe('agent', { inputs: ['main', 'ai_tool'] }),
			async execute(this: IExecuteFunctions) {
				const call = this.getWorkflowStaticData('node') as { args: IDataObject };
				const tools = (await this.getInputConnectionData('ai_tool', 0)) as Array<{
					invoke(input: object): Promise<string>;
				}>;
				try {
					const response = await tools[0].invoke({ ...call.args });
					return [[{ json: { response } }]];
				} catch (error) {
					return [[{ json: { thrown: error as GenericValue as IDataObject } }]];
				}
			},
		};
		const tool = {
			id: 'tool',
			name: 'Tool',
			typeVersion: 1,
			position: [0, 200],
			parameters: {},
			...node,
			type: toolName,
		} as INode;
		const agent: INode = {
			id: 'agent',
			name: 'Agent',
			type: 'test.agent',
			typeVersion: 1,
			position: [200, 0],
			parameters: {},
		};
		const trigger: INode = {
			id: 'start',
			name: 'Start',
			type: 'n8n-nodes-base.manualTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		};
		const result = await run(
			{
				nodes: [trigger, agent, tool],
				connections: {
					Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
					[tool.name]: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
				},
				staticData: { 'node:Agent': { args } },
			},
			runOptions,
		);
		const answer = result.nodeOutputs('Agent')[0]?.[0]?.json;
		if (answer?.thrown) outcome.error = answer.thrown as unknown as Error;
		else if (answer) outcome.response = answer.response as string;
		else outcome.error = result.error('Agent') ?? result.error();
		return { ...outcome, run: result };
	}

	return {
		nodeTypes: all,
		credentialTypes: pack.credentials,
		run,
		runAsTool,
		close: async () => {
			closed = true;
		},
	};
}

export interface SingleNodeWorkflow {
	/** Full type, e.g. `n8n-nodes-server-events.myTrackerLogin`. */
	type: string;
	parameters?: INodeParameters;
	/** Credential type the node names; its values come from `RunOptions.credentials`. */
	credentialType?: string;
	/** Anything else of the node: `onError`, `retryOnFail`, `maxTries`, `waitBetweenTries`, `executeOnce`, … */
	node?: Partial<INode>;
	settings?: IWorkflowSettings;
}

/**
 * Start -> Items -> Node -> Done (output 0) and Failed (output 1): the smallest workflow that shows every output.
 * Items come from `RunOptions.items.Items`.
 */
export function singleNodeWorkflow(options: SingleNodeWorkflow): WorkflowJson {
	const make = (name: string, type: string, x: number, more: Partial<INode> = {}): INode => ({
		id: name.toLowerCase(),
		name,
		type,
		typeVersion: 1,
		position: [x, 0],
		parameters: {},
		...more,
	});
	const { credentialType } = options;
	return {
		nodes: [
			make('Start', 'n8n-nodes-base.manualTrigger', 0),
			make('Items', 'test.items', 200),
			make('Node', options.type, 400, {
				parameters: options.parameters ?? {},
				...(credentialType && {
					credentials: { [credentialType]: { id: 'credential', name: credentialType } },
				}),
				...options.node,
			}),
			make('Done', 'n8n-nodes-base.noOp', 600),
			make('Failed', 'n8n-nodes-base.noOp', 600),
		],
		connections: {
			Start: { main: [[{ node: 'Items', type: 'main', index: 0 }]] },
			Items: { main: [[{ node: 'Node', type: 'main', index: 0 }]] },
			Node: {
				main: [[{ node: 'Done', type: 'main', index: 0 }], [{ node: 'Failed', type: 'main', index: 0 }]],
			},
		},
		...(options.settings && { settings: options.settings }),
	};
}
