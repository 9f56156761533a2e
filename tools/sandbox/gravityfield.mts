/**
 * Gravity Field's SDK API v2: who may call, and `POST /event`, `/user` and `/visit`, which share their head. Campaigns
 * stand in `gravityfield-choose.mts`, the bodies in `gravityfield-shapes.mts`.
 */
import { createHash } from 'node:crypto';

import { choose, engage } from './gravityfield-choose.mts';
import type { Shape } from './gravityfield-shapes.mts';
import { checkObject, EVENT, HEAD, list, need, object, string, stringOf } from './gravityfield-shapes.mts';
import type { JsonObject } from './json.mts';
import { kindOf, plain, readJson } from './json.mts';
import type { AcceptedEvent, Refusal, VendorAnswer, VendorRequest, VendorState } from './types.mts';
import { answer, codePoints, JSON_TYPE, readText } from './wire.mts';

const REFUSE = 'sandbox-refuse';
const NO_CONTENT = 'sandbox-204';

/** The body of a call that passed the door, and the refusals of its kind. */
export type Call = {
	request: VendorRequest;
	state: VendorState;
	root: JsonObject;
	text: string;
	operation: string;
	refuse: (status: number, msg: string, refusals: Refusal[]) => VendorAnswer;
};

const CALLS: Readonly<Record<string, (call: Call) => VendorAnswer>> = {
	'/event': storeEvents,
	'/user': (call) =>
		store(call, {}, ({ root, text }) => {
			const user = root.members.get('user');
			return user
				? [{ event: plain(user) as Record<string, unknown>, text: text.slice(user.start, user.end) }]
				: [];
		}),
	'/visit': (call) =>
		store(call, { type: need(string()) }, ({ root }) => [{ event: { type: stringOf(root, 'type') } }]),
	'/choose': choose,
};

/** Judges one request under the base, which ends in `/v2`. All of a body is taken or none of it. */
export function handleGravityField(request: VendorRequest, state: VendorState): VendorAnswer {
	const isEngagement = request.path === '/engagement';
	if (!isEngagement && !Object.hasOwn(CALLS, request.path)) {
		const reason = `the paths are ${Object.keys(CALLS).join(', ')} and /engagement; is /v2 in the base URL?`;
		return answer(404, JSON_TYPE, '{"msg":"not found"}', { refusals: [{ reason }] });
	}
	const operation = request.path.slice(1);
	const refuse = (status: number, msg: string, refusals: Refusal[]) =>
		answer(status, JSON_TYPE, JSON.stringify({ msg }), { operation, refusals });
	const method = isEngagement ? 'GET' : 'POST';
	if (request.method !== method)
		return refuse(405, 'method not allowed', [{ reason: `is called with ${method}` }]);

	const { apiKey, sectionId } = state.credentials.gravityFieldApi;
	if (request.headers.authorization !== `Bearer ${apiKey}`) {
		const reason =
			request.headers.authorization === undefined
				? 'there is no Authorization header'
				: request.headers.authorization === apiKey
					? 'the Authorization header must be the word Bearer, a blank and the key'
					: 'the key in the Authorization header is not the sandbox’s';
		return refuse(403, 'forbidden', [{ reason }]);
	}
	if (isEngagement) return engage(request, refuse);

	const wrong = (problem: Refusal) =>
		refuse(422, problem.field ? `${problem.field}: ${problem.reason}` : problem.reason, [problem]);
	if (request.query !== '') return wrong({ reason: 'no query parameter is documented' });
	if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
		return wrong({ reason: 'the Content-Type must be application/json' });
	if (request.headers['content-encoding']) return wrong({ reason: 'no content encoding is documented' });

	const read = readText(request.body);
	if ('reason' in read) return refuse(422, 'parse error', [{ reason: read.reason }]);
	let root;
	try {
		root = readJson(read.text);
	} catch (problem) {
		return refuse(422, 'parse error', [{ reason: (problem as Error).message }]);
	}
	if (root.kind !== 'object') return wrong({ reason: `the body must be an object, is ${kindOf(root)}` });

	const sec = root.members.get('sec');
	if (sec?.kind !== 'string') return wrong({ field: 'sec', reason: 'is required, a string' });
	if (codePoints(sec.value) !== 24) return wrong({ field: 'sec', reason: 'must have 24 characters' });
	if (sec.value !== sectionId)
		return refuse(403, 'forbidden', [{ field: 'sec', reason: 'the key belongs to another section' }]);
	return CALLS[request.path]({ request, state, root, text: read.text, operation, refuse });
}

function storeEvents(call: Call): VendorAnswer {
	const { root, text } = call;
	const data = root.members.get('data');
	const elements = data?.kind === 'array' ? data.items : [];
	const found: Refusal[] = elements.flatMap((event, index) => {
		if (event.kind !== 'object') return [];
		const problems: Refusal[] = [];
		checkObject(event, `data[${index}]`, EVENT, problems);
		return problems.map((problem) => ({ index, ...problem }));
	});
	return store(
		call,
		{ data: need(list(object({}), 1)) },
		() =>
			elements.map((event) => ({
				event: plain(event) as Record<string, unknown>,
				text: text.slice(event.start, event.end),
			})),
		found,
	);
}

/** Checks the head and a call's own members, files what it brings and answers with the user's ids. */
function store(
	call: Call,
	own: Shape,
	accept: (call: Call) => AcceptedEvent[],
	more: Refusal[] = [],
): VendorAnswer {
	const { root, refuse, operation } = call;
	const problems: Refusal[] = [];
	checkObject(root, '', { ...HEAD, ...own }, problems);
	if (!own.data && root.members.has('data'))
		problems.push({ field: 'data', reason: `is no member of ${call.request.path}` });
	problems.push(...more, ...ownRefusal(root));
	if (problems.length) return refuse(422, said(problems[0]), problems);

	const context = contextOf(root);
	const events = accept(call).map((event) => ({ ...event, context }));
	const user = root.members.get('user');
	if (stringOf(user, 'custom') === NO_CONTENT) return answer(204, '', '', { operation, events });
	const { uid, ses } = idsOf(call);
	const options = context.options as { isReturnUserInfo?: unknown } | undefined;
	const info =
		options?.isReturnUserInfo === true
			? { segments: [], conditions: {}, details: { isNew: stringOf(user, 'uid') === undefined } }
			: {};
	return answer(200, JSON_TYPE, JSON.stringify({ user: { uid, ses, ...info }, campaigns: [] }), {
		operation,
		events,
	});
}

export function said({ field, reason }: Refusal): string {
	return field ? `${field}: ${reason}` : reason;
}

export function ownRefusal(root: JsonObject): Refusal[] {
	if (stringOf(root.members.get('user'), 'custom') !== REFUSE) return [];
	return [
		{
			field: 'user.custom',
			reason: `the sandbox refuses ${REFUSE}, standing in for what only a vendor can refuse`,
		},
	];
}

/** The request's `user`, `ctx`, `device` and `options`, as far as they are there. */
export function contextOf(root: JsonObject): Record<string, unknown> {
	const { user, ctx, device, options } = plain(root) as Record<string, unknown>;
	return options === undefined ? { user, ctx, device } : { user, ctx, device, options };
}

/** The user's ids: as given, else made up, the same for the same own id. */
export function idsOf({ root, request }: Call): { uid: string; ses: string } {
	const user = root.members.get('user');
	const custom = stringOf(user, 'custom');
	const hash = createHash('sha256')
		.update(custom === undefined ? `anonymous ${request.number}` : `custom ${custom}`)
		.digest('hex');
	return {
		uid: stringOf(user, 'uid') ?? hash.slice(0, 24),
		ses:
			stringOf(user, 'ses') ??
			`${hash.slice(24, 32)}-${hash.slice(32, 36)}-4${hash.slice(37, 40)}-8${hash.slice(41, 44)}-${hash.slice(44, 56)}`,
	};
}
