/** The workflows that are measured: Start -> Items -> one or two nodes -> Report. */
import type { SandboxCredentials } from '../sandbox/types.mts';
import type { Credential, Workflow } from '../scripts/real-n8n.mts';

export type CaseName =
	| 'none'
	| 'httpJson'
	| 'httpFields'
	| 'codeAndHttp'
	| 'floor'
	| 'autoMapped'
	| 'sendOnce'
	| 'tenFields'
	| 'expressions'
	| 'earlierNodeOne'
	| 'earlierNode'
	| 'noneAppMetrica'
	| 'appMetrica'
	| 'noneLarge'
	| 'large';

export interface Case {
	name: CaseName;
	items: number;
}

type Node = Workflow['nodes'][number];

const PACK = 'n8n-nodes-server-events';
const FIELDS = [
	'customUserId',
	'customEventName',
	'idGender',
	'age',
	'eventTimestamp',
	'instanceId',
	'ipv4',
	'connectionType',
	'bluetoothEnabled',
	'userAgent',
];
const SECTIONS: Record<string, string[]> = {
	common: ['idGender', 'age', 'eventTimestamp', 'ipv4', 'connectionType', 'bluetoothEnabled'],
	mobileApps: ['instanceId'],
	websites: ['userAgent'],
};
const TOKEN = { id: 'bench-token', name: 'Token' };

/** What a user without this package would choose: the token in a header. */
export const headerCredential = ({ myTrackerApi }: SandboxCredentials): Credential => ({
	...TOKEN,
	type: 'httpHeaderAuth',
	data: { name: 'Authorization', value: myTrackerApi.token },
});

const fromItem = (name: string) => `={{ $json.${name} }}`;
const node = (
	name: string,
	type: string,
	parameters: Record<string, unknown> = {},
	more: Partial<Node> = {},
): Node => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [0, 0],
	parameters,
	...more,
});

function httpRequest(url: string, body: Record<string, unknown>): Node {
	return node(
		'HTTP Request',
		'n8n-nodes-base.httpRequest',
		{
			method: 'POST',
			url,
			authentication: 'genericCredentialType',
			genericAuthType: 'httpHeaderAuth',
			sendBody: true,
			contentType: 'json',
			...body,
			options: {},
		},
		{ typeVersion: 4.2, credentials: { httpHeaderAuth: TOKEN } },
	);
}

const ours = (
	name: string,
	credential: keyof SandboxCredentials,
	parameters: Record<string, unknown>,
): Node =>
	node('Node', `${PACK}.${name}`, parameters, {
		credentials: { [credential]: { id: `sandbox-${credential}`, name: credential } },
	});

const PACK_BY_TWENTY = `const items = $input.all();
const batches = [];
for (let at = 0; at < items.length; at += 20) batches.push({ json: { events: items.slice(at, at + 20).map((item) => item.json) } });
return batches;`;

/** The ten fields of the form, each with what `valueOf` gives for it. */
function tenFields(valueOf: (name: string) => unknown): Record<string, unknown> {
	const inSection = new Set(Object.values(SECTIONS).flat());
	const mapped = (names: string[]) => Object.fromEntries(names.map((name) => [name, valueOf(name)]));
	const sections = Object.entries(SECTIONS).map(([section, names]) => [section, mapped(names)]);
	return {
		mappingMode: 'defineBelow',
		...mapped(FIELDS.filter((name) => !inSection.has(name))),
		...Object.fromEntries(sections),
	};
}

/** What people write every day, for the ten fields. */
const EVERYDAY: Record<string, string> = {
	customUserId: '={{ "user-" + $json.customUserId.split("-")[1] }}',
	customEventName: '={{ $json.customEventName.toLowerCase().trim() }}',
	idGender: '={{ $json.idGender ?? "0" }}',
	age: '={{ Number($json.age) }}',
	eventTimestamp: '={{ DateTime.fromSeconds(Number($json.eventTimestamp)).toISO() }}',
	instanceId: '={{ $json.instanceId || undefined }}',
	ipv4: '={{ $json.ipv4.replace(/[^0-9.]/g, "") }}',
	connectionType: '={{ $if($json.connectionType > 1, "2", "1") }}',
	bluetoothEnabled: '={{ $json.bluetoothEnabled === "1" ? 1 : 0 }}',
	userAgent: '=Mozilla/{{ $json.userAgent.split("/")[1] }}/{{ $json.userAgent.length }}',
};
const fromEarlierNode = (name: string) => `={{ $('Items').item.json.${name} }}`;

function measured(name: CaseName, { myTrackerApi }: SandboxCredentials): Node[] {
	const method = (path: string) => `${myTrackerApi.baseUrl}/v1/${path}/?idApp=${myTrackerApi.appId}`;
	switch (name) {
		case 'none':
		case 'noneAppMetrica':
		case 'noneLarge':
			return [];
		case 'httpJson':
			return [
				httpRequest(method('customEvent'), { specifyBody: 'json', jsonBody: '={{ JSON.stringify($json) }}' }),
			];
		case 'httpFields':
			return [
				httpRequest(method('customEvent'), {
					specifyBody: 'keypair',
					bodyParameters: { parameters: FIELDS.map((field) => ({ name: field, value: fromItem(field) })) },
				}),
			];
		case 'codeAndHttp':
			return [
				node(
					'Code',
					'n8n-nodes-base.code',
					{ mode: 'runOnceForAllItems', language: 'javaScript', jsCode: PACK_BY_TWENTY },
					{ typeVersion: 2 },
				),
				httpRequest(method('customEventBatch'), {
					specifyBody: 'json',
					jsonBody: '={{ JSON.stringify($json.events) }}',
				}),
			];
		case 'floor':
			return [
				node('Floor', 'CUSTOM.benchFloor', { url: method('customEventBatch'), token: myTrackerApi.token }),
			];
		case 'autoMapped':
			return [ours('myTrackerCustomEvent', 'myTrackerApi', { mappingMode: 'autoMapInputData' })];
		case 'sendOnce':
			return [
				ours('myTrackerCustomEvent', 'myTrackerApi', {
					mappingMode: 'autoMapInputData',
					// Other keys in each round, or a second round would send nothing.
					options: { rememberKey: '={{ $json.instanceId }}' },
				}),
			];
		case 'tenFields':
			return [ours('myTrackerCustomEvent', 'myTrackerApi', tenFields(fromItem))];
		case 'expressions':
			return [
				ours(
					'myTrackerCustomEvent',
					'myTrackerApi',
					tenFields((field) => EVERYDAY[field]),
				),
			];
		case 'earlierNodeOne':
			return [
				node('Pass', 'n8n-nodes-base.noOp'),
				ours(
					'myTrackerCustomEvent',
					'myTrackerApi',
					tenFields((field) => (field === 'customUserId' ? fromEarlierNode(field) : fromItem(field))),
				),
			];
		case 'earlierNode':
			return [
				node('Pass', 'n8n-nodes-base.noOp'),
				ours('myTrackerCustomEvent', 'myTrackerApi', tenFields(fromEarlierNode)),
			];
		case 'appMetrica':
		case 'large':
			return [ours('appMetricaImportEvents', 'appMetricaApi', { mappingMode: 'autoMapInputData' })];
	}
}

export const idOf = ({ name, items }: Case): string => `bench${name}${items}`;

export function workflowOf({ name, items }: Case, credentials: SandboxCredentials): Workflow {
	const kind = /large$/i.test(name) ? 'large' : /appmetrica$/i.test(name) ? 'appMetrica' : 'myTracker';
	const nodes = [
		node('Start', 'n8n-nodes-base.manualTrigger'),
		// The first expression that n8n evaluates in a process takes it some 50 ms; that is no node's cost.
		node('Items', 'CUSTOM.benchItems', { kind, count: `={{ ${items} }}` }),
		...measured(name, credentials),
		node('Report', 'CUSTOM.benchReport'),
	];
	const links = nodes
		.slice(1)
		.map((next, at) => [nodes[at].name, { main: [[{ node: next.name, type: 'main', index: 0 }]] }]);
	return {
		id: idOf({ name, items }),
		name: `${name} ${items}`,
		nodes,
		connections: Object.fromEntries(links),
		settings: { executionOrder: 'v1' },
		active: false,
	};
}
