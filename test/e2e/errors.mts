/**
 * Each way a run can fail, in n8n's own error panel: the words are asserted, the pictures are for the eye. A title that
 * needs its description to be understood, or advice that helps nobody, is a bug.
 */
import assert from 'node:assert/strict';

import type { Locator } from 'playwright-core';

import type { Fault } from '../../tools/sandbox/server.mts';
import { freePorts, packageJson } from '../../tools/scripts/real-n8n.mts';
import type { Checks } from './checks.mts';
import type { RunningStage } from './stage.mts';

type Case = {
	/** Title of the node. */
	name: string;
	type: string;
	parameters: Record<string, unknown>;
	/** What the sandbox does to the one request. */
	fault?: Fault;
	/** Values of the credential that differ from the good ones. */
	credential?: Record<string, string> | 'deleted';
	/** What the panel must say, beginning with its title. */
	says: string[];
};

const { name: PACKAGE } = packageJson();

const once = { options: { maxAttempts: 1 } };
const myTracker = (more: Omit<Case, 'type' | 'parameters'> & { parameters?: object }): Case => ({
	type: 'myTrackerCustomEvent',
	...more,
	parameters: {
		customEventName: 'levelUp',
		customUserId: '={{ $json.userId }}',
		...once,
		...more.parameters,
	},
});

function cases(closedPort: number): Case[] {
	return [
		myTracker({
			name: 'wrong token',
			credential: { token: 'not-the-token' },
			says: [
				'MyTracker refused the token for this app',
				"check the 'S2S API Token' and the 'App ID'",
				'2 items: 2 not attempted',
				'Items 0-1 (rows 1-2): ',
			],
		}),
		myTracker({
			name: 'credential deleted',
			credential: 'deleted',
			says: [
				"n8n could not read the credential 'MyTracker API'",
				'n8n\'s reason: Credential with ID "gone" does not exist',
			],
		}),
		myTracker({
			name: 'base URL is none',
			credential: { baseUrl: 'tracker' },
			says: [
				"The base URL of the credential 'MyTracker API' must begin with https://, as in https://example.com",
			],
		}),
		myTracker({
			name: 'nobody at the base URL',
			credential: { baseUrl: `http://127.0.0.1:${closedPort}` },
			says: [
				'MyTracker did not accept 2 of 2 items',
				'the connection was refused',
				'check the base URL in the credential and the network',
			],
		}),
		myTracker({
			name: 'unknown host',
			credential: { baseUrl: 'http://tracker.invalid' },
			says: ['MyTracker did not accept 2 of 2 items', 'the host', 'check the base URL'],
		}),
		myTracker({
			name: 'wrong path',
			fault: { status: 404, body: 'Not Found' },
			says: ['MyTracker does not know this address; check the base URL in the credential'],
		}),
		myTracker({
			name: 'redirect',
			fault: { redirect: 'https://elsewhere.example/login' },
			says: ['The base URL redirects to elsewhere.example', 'redirects are not followed'],
		}),
		myTracker({
			name: 'option out of range',
			parameters: { options: { batchSize: 5_000 } },
			says: ["'Batch Size' must be a whole number from 1 to 20; nothing was sent"],
		}),
		myTracker({
			name: 'refused event',
			parameters: { customUserId: 'sandbox-refuse' },
			says: ['MyTracker refused 2 of 2 items', 'with status 400', "check the event's fields"],
		}),
		myTracker({
			name: 'vendor is down',
			fault: { status: 503 },
			says: [
				'MyTracker did not accept 2 of 2 items',
				'did not accept it (status 503)',
				'send it again later',
			],
		}),
		myTracker({
			name: 'asked to wait too long',
			fault: { status: 429, headers: { 'retry-after': '3600' } },
			parameters: { options: { maxAttempts: 3 } },
			says: [
				"MyTracker asks to wait 3600 s, which is more than 'Longest Wait (Seconds)' (300) still allows; raise it or send the rest later",
			],
		}),
		myTracker({
			name: 'lost after sending',
			fault: { reset: 'afterStoring' },
			says: ['MyTracker may or may not have stored 2 of 2 items', 'sending it again may count it twice'],
		}),
		myTracker({
			name: 'HTML page',
			fault: { html: true },
			says: ['MyTracker may or may not have stored 2 of 2 items', 'an HTML page'],
		}),
		myTracker({
			name: 'too large for the vendor',
			fault: { status: 413 },
			parameters: { sendAs: 'single' },
			says: ['MyTracker did not accept 1 of 2 items', '1 accepted, 1 oversize', 'make it smaller'],
		}),
		myTracker({
			name: 'nothing mapped',
			parameters: { customUserId: '' },
			says: [
				'Nothing was sent: 2 of 2 items need a fix',
				'Items 0-1 (rows 1-2)',
				'has neither a user ID nor a device ID',
			],
		}),
		{
			name: 'AppMetrica, wrong key',
			type: 'appMetricaImportEvents',
			credential: { postApiKey: 'not-the-key' },
			parameters: {
				event_name: 'sale',
				event_timestamp: '={{ $now.toISO() }}',
				profile_id: '={{ $json.userId }}',
				...once,
			},
			says: ['AppMetrica refused the key', "'Post API Key'"],
		},
		{
			name: 'AppMetrica, event too old',
			type: 'appMetricaImportEvents',
			parameters: {
				event_name: 'sale',
				event_timestamp: '2020-01-01T00:00:00Z',
				profile_id: '={{ $json.userId }}',
				...once,
			},
			says: ['Nothing was sent', 'days'],
		},
		{
			name: 'Gravity Field, wrong key',
			type: 'gravityFieldStoreEvent',
			credential: { apiKey: 'not-the-key' },
			parameters: {
				type: 'login-v1',
				name: 'Login',
				hashedEmail: 'ann@example.com',
				user: { custom: '={{ $json.userId }}', ses: 'session-1' },
				options: { ...once.options, hashEmail: true },
			},
			says: ['Gravity Field refused the key'],
		},
		{
			name: 'Vibetrace, blocked',
			type: 'vibetraceSendEvent',
			fault: { status: 403, body: 'Forbidden' },
			parameters: { type: 'login', email: 'ann@example.com', ...once },
			says: ['Vibetrace refused every event of this sender'],
		},
	];
}

const CREDENTIAL_OF: Record<string, string> = {
	myTrackerCustomEvent: 'myTrackerApi',
	appMetricaImportEvents: 'appMetricaApi',
	gravityFieldStoreEvent: 'gravityFieldApi',
	vibetraceSendEvent: 'vibetraceApi',
};

/** How the editor is used here. */
type Editor = {
	/** Opens the node, runs it and returns the output panel. */
	runNode: (workflowId: string, nodeId: string) => Promise<Locator>;
	/** Takes a picture of the open node. */
	shoot: (name: string) => Promise<void>;
};

export async function checkErrors({ check }: Checks, stage: RunningStage, editor: Editor): Promise<void> {
	const { runNode, shoot } = editor;
	const { rest, sandbox } = stage;
	const [closedPort] = await freePorts(1);
	const all = cases(closedPort);
	const made: string[] = [];

	async function credentialFor({ type, credential, name }: Case): Promise<object> {
		const kind = CREDENTIAL_OF[type];
		if (credential === 'deleted') return { credentials: { [kind]: { id: 'gone', name: 'Gone' } } };
		const good = stage.credentials.find((one) => one.type === kind)!;
		if (!credential) return { credentials: { [kind]: { id: good.id, name: good.name } } };
		const { id } = await rest.post<{ id: string }>('/rest/credentials', {
			name,
			type: kind,
			data: { ...good.data, ...credential },
		});
		made.push(id);
		return { credentials: { [kind]: { id, name } } };
	}

	const items = [{ userId: '1001', type: 'sign', eventName: 'sale' }, { userId: '1002' }];
	const start = {
		id: 'start',
		name: 'Start',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const people = {
		id: 'people',
		name: 'People',
		type: 'n8n-nodes-base.code',
		typeVersion: 2,
		position: [220, 0],
		parameters: { jsCode: `return ${JSON.stringify(items.map((json) => ({ json })))};` },
	};
	const nodes = await Promise.all(
		all.map(async (one, at) => ({
			id: `case-${at}`,
			name: one.name,
			type: `${PACKAGE}.${one.type}`,
			typeVersion: 1,
			position: [480, at * 160],
			parameters: one.parameters,
			...(await credentialFor(one)),
		})),
	);
	const connections = {
		Start: { main: [[{ node: 'People', type: 'main', index: 0 }]] },
		People: { main: [all.map(({ name }) => ({ node: name, type: 'main', index: 0 }))] },
	};
	const workflow = await rest.post<{ id: string }>('/rest/workflows', {
		name: 'E2E: errors',
		nodes: [start, people, ...nodes],
		connections,
		settings: { executionOrder: 'v1' },
	});

	try {
		for (const [at, { name, fault, says }] of all.entries()) {
			await check(`editor: error panel: ${name}`, async () => {
				sandbox.faults.clear();
				if (fault) sandbox.faults.push(fault);
				const panel = await runNode(workflow.id, `case-${at}`);
				await panel.getByText('Error details').waitFor();
				const text = await panel.innerText();
				await shoot(`light-error-${name.replace(/[^A-Za-z]+/g, '-').toLowerCase()}`);
				for (const part of says) assert.ok(text.includes(part), `"${part}" is not in: ${text}`);
			});
		}
	} finally {
		sandbox.faults.clear();
		for (const id of made) await rest.remove(`/rest/credentials/${id}`);
	}
}
