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

const REST = {
	mostRequests: 100_000,
	refusal: {
		status: 400,
		body: '{"errors":[{"message":"Invalid data format/type","description":"no"}]}',
		headers: { 'content-type': 'application/json' },
	},
	silent: [500, 502, 504],
	notStored: [503],
};
const bought = (ref: string) => ({ generic: { generic: { event_name: 'bought', ref } } });

const vibetraceCreateEvent: OperationCase = {
	...REST,
	good: (id) => ({ user: { email: 'ann@example.com' }, event: bought(id) }),
	refused: (id) => ({ user: { email: 'sandbox-refuse@example.com' }, event: bought(id) }),
	invalid: (id) => ({ user: { city: 'Boston' }, event: bought(id) }),
	idOf: ({ event }) => (event.event as ReturnType<typeof bought>).generic.generic.ref,
	withText: (ref, text) => ({
		user: { _id: text, city: text },
		event: { generic: { generic: { event_name: text, ref, text, [`k${text}`]: 'own' } } },
	}),
	textsOf: ({ event }) => {
		const user = event.user as Record<string, string>;
		const details = (event.event as { generic: { generic: Record<string, string> } }).generic.generic;
		return [
			user._id,
			user.city,
			details.event_name,
			details.text,
			Object.keys(details)
				.find((name) => details[name] === 'own')
				?.slice(1),
		];
	},
	ofPerson: (id, person) => ({ user: { email: person }, event: bought(id) }),
	accepted: {
		statusCode: 200,
		headers: { 'content-type': 'application/json' },
		body: '{"results":{"message":"Event created","email":"Event was created for the specified user"}}',
	},
};

const vibetraceSaveUser: OperationCase = {
	...REST,
	repeatable: true,
	good: (id) => ({ email: 'ann@example.com', ref: id }),
	refused: (id) => ({ email: 'sandbox-refuse@example.com', ref: id }),
	invalid: (id) => ({ email: 'nobody', ref: id }),
	idOf: ({ event }) => event.ref as string,
	withText: (ref, text) => ({
		email: 'ann@example.com',
		gender: text,
		city: text,
		ref,
		text,
		[`k${text}`]: 'own',
	}),
	textsOf: ({ event }) => [
		event.gender,
		event.city,
		event.text,
		Object.keys(event)
			.find((name) => event[name] === 'own')
			?.slice(1),
	],
	ofPerson: (id, person) => ({ email: person, ref: id }),
	accepted: {
		statusCode: 200,
		headers: { 'content-type': 'application/json' },
		body: '{"results":[{"message":"Successfully added new user.","email":"ann@example.com"}],"object":{"_id":"1"}}',
	},
};

export const cases = { vibetraceSendEvent, vibetraceCreateEvent, vibetraceSaveUser };

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
