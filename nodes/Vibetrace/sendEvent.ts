import { isAbsent, isPlainObject, type Operation } from '../engine';

import { normalize } from './normalize';
import { vibetraceCredential } from './credential';
import { fields } from './fields';
import { rules } from './rules';
import { eventTypes } from './variants';
import { responses, defaults, DOCUMENTATION, limits, wireForms } from './vendor';
import { searchHints, searchWords } from './searchWords';

export const sendEvent: Operation = {
	name: 'vibetraceSendEvent',
	vendor: 'Vibetrace',
	title: 'Send Event',
	documentation: DOCUMENTATION,
	searchWords: searchWords.sendEvent,
	searchHint: searchHints.sendEvent,
	credential: vibetraceCredential,
	notices: [
		{
			text: "Identify the person: fill in 'Email', 'User ID' together with 'Session ID', 'Correlation ID', or 'Visitor Cookie'",
		},
	],
	fields,
	additionalProperties: true,
	sections: [],
	variants: eventTypes,
	rules,
	normalize,
	...wireForms,
	responses,
	// The vendor throws a second confirmation of one order away; every other event counts again.
	repeatIsSafe: ({ type, generic }) =>
		type === 'confirmation' && isPlainObject(generic) && !isAbsent(generic.orderId),
	defaults,
	samples: [
		{
			of: 'confirmation, the PHP sample',
			event: {
				userId: '0111',
				sessionId: '013123',
				type: 'confirmation',
				items: [
					{ id: '123123-M', quantity: 2 },
					{ id: '23423-XL', quantity: 1 },
				],
				generic: { orderId: 'order_id_example', total: 234.12, email: 'buyer@example.com' },
			},
		},
		{
			of: 'login, the PHP sample',
			event: { type: 'login', email: 'buyer@example.com', source: 'source_type' },
		},
	],
	limits,
};
