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

export const cases = { gravityFieldStoreEvent };

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
