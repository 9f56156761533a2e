import type { StoredEvent } from '../../../tools/sandbox/server.mts';
import type { ChangingMapping, OperationCase } from '../../support/cases.mts';

const gravityFieldStoreEvent: OperationCase = {
	good: (id) => ({
		user: { custom: 'ann', ses: 's1' },
		type: 'signup-v1',
		name: 'Sign up',
		customProps: { ref: id },
	}),
	refused: (id) => ({
		user: { custom: 'sandbox-refuse', ses: 's1' },
		type: 'signup-v1',
		name: 'Sign up',
		customProps: { ref: id },
	}),
	invalid: (id) => ({ user: { custom: 'ann', ses: 's1' }, name: 'Sign up', customProps: { ref: id } }),
	idOf: ({ event }) => (event.customProps as { ref: string }).ref,
	withText: (ref, text) => ({
		user: { custom: text, ses: text },
		type: text,
		name: text,
		customProps: { ref, text, [`k${text}`]: 'own' },
	}),
	textsOf: ({ event, context }) => {
		const props = event.customProps as Record<string, string>;
		const { custom, ses } = context?.user as Record<string, string>;
		return [
			custom,
			ses,
			event.type,
			event.name,
			props.text,
			Object.keys(props)
				.find((name) => props[name] === 'own')
				?.slice(1),
		];
	},
	ofPerson: (id, person) => ({
		user: { custom: person, ses: 's1' },
		type: 'signup-v1',
		name: 'Sign up',
		customProps: { ref: id },
	}),
	accepted: { statusCode: 204, body: '' },
	mostRequests: 2_000,
	refusal: {
		status: 422,
		body: '{"msg":"data[0].name: is required"}',
		headers: { 'content-type': 'application/json' },
	},
	silent: [],
	notStored: [500, 502, 503, 504],
};

const ONE_BY_ONE = {
	mostRequests: 100_000,
	refusal: gravityFieldStoreEvent.refusal,
	silent: [],
	notStored: [500, 502, 503, 504],
	accepted: {
		statusCode: 200,
		headers: { 'content-type': 'application/json' },
		body: '{"user":{"uid":"66f0c1d2e3a4b5c6d7e8f901","ses":"s1"},"campaigns":[]}',
	},
};
const who = (custom: string) => ({ custom, ses: 's1' });
/** A visit and a question store nothing of the item but the request's own members, so that the page tells it. */
const seenAt = (id: string) => ({ location: id });
const locationOf = ({ context }: StoredEvent) => (context?.ctx as { location: string }).location;

const gravityFieldStoreUser: OperationCase = {
	...ONE_BY_ONE,
	good: (ref) => ({ user: { ...who('ann'), attributes: { ref } } }),
	refused: (ref) => ({ user: { ...who('sandbox-refuse'), attributes: { ref } } }),
	invalid: (ref) => ({ user: { ...who('undefined'), attributes: { ref } } }),
	idOf: ({ event }) => (event.attributes as { ref: string }).ref,
	withText: (ref, text) => ({
		user: { custom: `u${text}`, ses: `s${text}`, attributes: { ref, text, [`k${text}`]: 'own' } },
	}),
	textsOf: ({ event }) => {
		const attributes = event.attributes as Record<string, string>;
		return [
			(event.custom as string).slice(1),
			(event.ses as string).slice(1),
			attributes.text,
			Object.keys(attributes)
				.find((name) => attributes[name] === 'own')
				?.slice(1),
		];
	},
	ofPerson: (ref, person) => ({ user: { ...who(person), attributes: { ref } } }),
};

const gravityFieldStoreVisit: OperationCase = {
	...ONE_BY_ONE,
	good: (id) => ({ user: who('ann'), ctx: seenAt(id) }),
	refused: (id) => ({ user: who('sandbox-refuse'), ctx: seenAt(id) }),
	invalid: (id) => ({ user: who('undefined'), ctx: seenAt(id) }),
	idOf: locationOf,
	withText: (id, text) => ({
		user: { custom: `u${text}`, ses: `s${text}` },
		ctx: { ...seenAt(id), attributes: { text } },
	}),
	textsOf: ({ context }) => {
		const { custom, ses } = context?.user as Record<string, string>;
		const { attributes } = context?.ctx as { attributes: Record<string, string> };
		return [custom.slice(1), ses.slice(1), attributes.text];
	},
	ofPerson: (id, person) => ({ user: who(person), ctx: seenAt(id) }),
};

/** The sandbox keeps of a question the impression that it counts, so these ask for it. */
const counted = { isImplicitImpression: true };
const question = (user: object, id: string) => ({
	user,
	ctx: seenAt(id),
	options: counted,
	data: [{ selector: 'pdp_recs' }],
});
const gravityFieldGetCampaign: OperationCase = {
	...ONE_BY_ONE,
	good: (id) => question(who('ann'), id),
	refused: (id) => question(who('sandbox-refuse'), id),
	invalid: (id) => ({ ...question(who('ann'), id), data: [] }),
	idOf: locationOf,
	withText: (id, text) => ({
		...question({ custom: `u${text}`, ses: `s${text}` }, id),
		data: [{ selector: `s${text}` }],
	}),
	textsOf: ({ context }) => {
		const { custom, ses } = context?.user as Record<string, string>;
		return [custom.slice(1), ses.slice(1)];
	},
	ofPerson: (id, person) => question(who(person), id),
};

export const cases = {
	gravityFieldStoreEvent,
	gravityFieldStoreUser,
	gravityFieldStoreVisit,
	gravityFieldGetCampaign,
};

export const changing: ChangingMapping = {
	node: 'gravityFieldStoreEvent',
	parameters: {
		type: '={{ $json.user ? "signup-v1" : "" }}',
		name: '={{ $json.text }}{{ $vars.next() }}',
		user: { custom: '={{ $json.user }}', ses: 's1' },
		customProps: '={{ { ref: $json.id } }}',
	},
	nameOf: ({ event }) => event.name,
};
