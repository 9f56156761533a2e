/** A tiny built package, written by the tests, so that the harness is proved before and apart from the real nodes. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const packageJson = {
	name: 'n8n-nodes-probe',
	version: '0.1.0',
	n8n: {
		n8nNodesApiVersion: 1,
		nodes: ['dist/nodes/Probe/Probe.node.js'],
		credentials: ['dist/credentials/ProbeApi.credentials.js', 'dist/credentials/GenericApi.credentials.js'],
	},
};

const functionCredential = `
class ProbeApi {
	constructor() {
		this.name = 'probeApi';
		this.displayName = 'Probe API';
		this.properties = [
			{ displayName: 'Token', name: 'token', type: 'string', default: '' },
			{ displayName: 'Base URL', name: 'baseUrl', type: 'string', default: 'http://default.invalid' },
		];
		this.authenticate = async (credentials, options) => {
			options.headers = { ...options.headers, authorization: 'Bearer ' + credentials.token };
			return options;
		};
	}
}
exports.ProbeApi = ProbeApi;
`;

const genericCredential = `
class GenericApi {
	constructor() {
		this.name = 'genericApi';
		this.displayName = 'Generic API';
		this.properties = [{ displayName: 'Key', name: 'key', type: 'string', default: '' }];
		this.authenticate = {
			type: 'generic',
			properties: { headers: { 'x-key': '={{ "k-" + $credentials.key }}' }, qs: { fixed: 'yes' } },
		};
	}
}
exports.GenericApi = GenericApi;
`;

const node = `
const actions = {
	async echo() {
		return [this.getInputData().map((item, i) => ({
			json: { ...item.json, read: this.getNodeParameter('value', i), kind: this.getNodeParameter('kind', i, 'hidden') },
			pairedItem: { item: i },
		}))];
	},
	async failOne() {
		return [this.getInputData().map((item, i) => item.json.bad
			? { json: { error: 'This one is bad', details: { event: item.json.id } }, pairedItem: { item: i } }
			: { json: { ok: item.json.id }, pairedItem: { item: i } })];
	},
	async throwUntilThird() {
		const context = this.getContext('node');
		context.calls = (context.calls || 0) + 1;
		if (context.calls < 3) throw new Error('call ' + context.calls + ' failed');
		return [[{ json: { calls: context.calls, runIndex: this.getWorkflowDataProxy(0).$runIndex }, pairedItem: { item: 0 } }]];
	},
	async firstItemFailsTwice() {
		const context = this.getContext('node');
		context.calls = (context.calls || 0) + 1;
		this.addExecutionHints({ message: 'call ' + context.calls });
		return [[{ json: context.calls < 3 ? { error: '' } : { calls: context.calls }, pairedItem: { item: 0 } }]];
	},
	async hint() {
		this.addExecutionHints({ message: 'Look here', type: 'warning', location: 'outputPane' });
		this.logger.info('said by the node', { count: 2 });
		return [[]];
	},
	async waitForCancel() {
		const signal = this.getExecutionCancelSignal();
		await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
		this.logger.warn('stopped');
		return [[{ json: { stopped: true }, pairedItem: { item: 0 } }]];
	},
	async throwOnCancel() {
		const context = this.getContext('node');
		context.calls = (context.calls || 0) + 1;
		const signal = this.getExecutionCancelSignal();
		if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
		throw new Error('gone');
	},
	async request() {
		const out = [];
		const input = this.getInputData();
		const type = this.getNodeParameter('credentialType', 0);
		for (let i = 0; i < input.length; i++) {
			const { options, given, deadline } = input[i].json;
			const request = { ...options };
			if (typeof request.body === 'object') request.body = Buffer.from(request.body.buffer, 'latin1');
			let self = this;
			if (deadline) {
				const own = AbortSignal.timeout(deadline);
				self = Object.create(this, {
					getExecutionCancelSignal: { value: () => AbortSignal.any([this.getExecutionCancelSignal(), own]) },
				});
			}
			const started = Date.now();
			try {
				const answer = await this.helpers.httpRequestWithAuthentication.call(self, type, request,
					given ? { credentialsDecrypted: { id: '1', name: 'x', type, data: given } } : undefined);
				out.push({ json: { answer, ms: Date.now() - started }, pairedItem: { item: i } });
			} catch (error) {
				out.push({ json: { failed: { name: error.name, httpCode: error.httpCode, syscall: error.cause?.cause?.syscall }, ms: Date.now() - started }, pairedItem: { item: i } });
			}
		}
		return [out];
	},
	async whoAmI() {
		return [[{ json: { tool: this.isToolExecution(), input: this.getInputData()[0].json, value: this.getNodeParameter('value', 0) }, pairedItem: { item: 0 } }]];
	},
};
class Probe {
	constructor() {
		this.description = {
			displayName: 'Probe', name: 'probe', group: ['output'], version: 1, description: 'Does as told',
			defaults: { name: 'Probe' }, inputs: ['main'], outputs: ['main'], usableAsTool: true,
			credentials: [{ name: 'probeApi', required: false }, { name: 'genericApi', required: false }],
			properties: [
				{ displayName: 'Action', name: 'action', type: 'string', default: 'echo' },
				{ displayName: 'Credential Type', name: 'credentialType', type: 'string', default: 'probeApi' },
				{ displayName: 'Value', name: 'value', type: 'string', default: '' },
				{ displayName: 'Kind', name: 'kind', type: 'string', default: 'shown', displayOptions: { show: { value: ['fixed'] } } },
				{ displayName: 'Must', name: 'must', type: 'string', default: '', required: true, displayOptions: { show: { action: ['needsMust'] } } },
			],
		};
	}
	async execute() {
		return await actions[this.getNodeParameter('action', 0)].call(this);
	}
}
exports.Probe = Probe;
`;

/** Writes the package into a fresh temporary folder, linked to this repository's node_modules; `remove` deletes it. */
export function writeProbePack(): { directory: string; remove(): void } {
	const directory = mkdtempSync(join(tmpdir(), 'probe-pack-'));
	const files: Record<string, string> = {
		'package.json': JSON.stringify(packageJson),
		'dist/nodes/Probe/Probe.node.js': node,
		'dist/credentials/ProbeApi.credentials.js': functionCredential,
		'dist/credentials/GenericApi.credentials.js': genericCredential,
	};
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(dirname(join(directory, name)), { recursive: true });
		writeFileSync(join(directory, name), text);
	}
	symlinkSync(join(process.cwd(), 'node_modules'), join(directory, 'node_modules'), 'junction');
	return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
