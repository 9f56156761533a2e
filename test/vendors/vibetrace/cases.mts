import type { ChangingMapping, OperationCase } from '../../support/cases.mts';

const vibetraceSendEvent: OperationCase = {
	good: (id) => ({
		type: 'generic',
		userId: 'ann',
		sessionId: 's1',
		generic: { event_name: 'bought', ref: id },
	}),
	refused: (id) => ({
		type: 'generic',
		userId: 'sandbox-refuse',
		sessionId: 's1',
		generic: { event_name: 'bought', ref: id },
	}),
	invalid: (id) => ({ type: 'generic', generic: { event_name: 'bought', ref: id } }),
	idOf: ({ event }) => (event.generic as { ref: string }).ref,
	withText: (ref, text) => ({
		type: 'generic',
		userId: text,
		sessionId: text,
		generic: { event_name: text, ref, text, [`k${text}`]: 'own' },
	}),
	textsOf: ({ event }) => {
		const generic = event.generic as Record<string, string>;
		return [
			event.userId,
			event.sessionId,
			generic.event_name,
			generic.text,
			Object.keys(generic)
				.find((name) => generic[name] === 'own')
				?.slice(1),
		];
	},
	ofPerson: (id, person) => ({
		type: 'generic',
		userId: person,
		sessionId: 's1',
		generic: { event_name: 'bought', ref: id },
	}),
	accepted: { statusCode: 200, headers: { 'content-type': 'application/json' }, body: '{"status":"ok"}' },
	mostRequests: 5_000,
	refusal: { status: 400, body: '{"error":"Bad Request"}' },
	silent: [500, 502, 504],
	notStored: [503],
};

export const cases = { vibetraceSendEvent };

export const changing: ChangingMapping = {
	node: 'vibetraceSendEvent',
	parameters: {
		type: 'generic',
		userId: '={{ $json.user }}',
		sessionId: '={{ $json.user && "s1" }}',
		generic: '={{ { event_name: $json.text + $vars.next(), ref: $json.id } }}',
	},
	nameOf: ({ event }) => (event.generic as { event_name: string }).event_name,
};
