/**
 * What each example workflow announces, by file of `workflows/`. The demo and the tests hold the nodes and the sandbox
 * to it: a workflow without an announcement is as wrong as one that does not keep it.
 */
import type { ArrivalStatus } from '../../nodes/AppMetrica/logs/match.ts';
import type { Status } from '../../nodes/engine/report/outcome.ts';

export type Counts = Partial<Record<Status | ArrivalStatus, number>>;

/** One start of a workflow by its user. */
export interface Step {
	/** The trigger; the only one unless told. */
	start?: string;
	/** Hours that pass before. */
	hoursLater?: number;
}

export interface Announcement {
	/** The starts, in order; one unless told. */
	steps?: Step[];
	/** By node: how many of its input items end in which status. */
	statuses: Record<string, Counts>;
	/** Requests that leave, those that only find a bad event included. */
	requests: number;
	/** Events that the vendor stores; as many as items are accepted, unless told. */
	events?: number;
	/** The message of the error with which the last start ends. */
	error?: string;
	/** Rows of n8n's data tables in the end, by table; what is not named of a row may be anything. */
	tables?: Record<string, Array<Record<string, unknown>>>;
}

/** In the order in which the demo shows them. */
export const announcements: Record<string, Announcement> = {
	'mytracker-registration.json': { statuses: { 'Send registration': { accepted: 2 } }, requests: 2 },
	'mytracker-registration-batch.json': { statuses: { 'Send registrations': { accepted: 3 } }, requests: 1 },
	'mytracker-login.json': { statuses: { 'Send login': { accepted: 1 } }, requests: 1 },
	'mytracker-login-batch.json': { statuses: { 'Send logins': { accepted: 4 } }, requests: 1 },
	'mytracker-custom-event.json': { statuses: { 'Send custom event': { accepted: 1 } }, requests: 1 },
	// 44 valid events make batches of 20, 20 and 4; halving down to the bad one among 20 takes eight more requests.
	'mytracker-custom-event-batch.json': {
		statuses: { 'Send custom events': { accepted: 43, invalid: 1, rejected: 1 } },
		requests: 11,
	},
	'mytracker-custom-revenue.json': { statuses: { 'Send revenue': { accepted: 2 } }, requests: 2 },
	// Halving down to the bad one among four takes four more requests.
	'mytracker-custom-revenue-batch.json': {
		statuses: { 'Send revenue of the day': { accepted: 3, invalid: 1, rejected: 1 } },
		requests: 5,
	},
	'mytracker-store-payment.json': { statuses: { 'Send store payment': { accepted: 3 } }, requests: 3 },
	'mytracker-store-payment-batch.json': {
		statuses: { 'Send purchases': { accepted: 3, invalid: 1, rejected: 1 } },
		requests: 5,
	},
	'mytracker-order.json': { statuses: { 'Send order': { accepted: 2 } }, requests: 2 },
	'mytracker-order-batch.json': {
		statuses: { 'Send orders': { accepted: 3, invalid: 1, rejected: 1 } },
		requests: 5,
	},
	'appmetrica-import-events.json': { statuses: { 'Import events': { accepted: 2 } }, requests: 2 },
	// One file per set of filled columns.
	'appmetrica-import-events-batch.json': {
		statuses: { 'Upload events': { accepted: 5, invalid: 1 } },
		requests: 2,
	},
	'appmetrica-import-revenue.json': { statuses: { 'Import revenue': { accepted: 2 } }, requests: 2 },
	// One amount has more digits than AppMetrica keeps.
	'appmetrica-import-revenue-batch.json': {
		statuses: { 'Upload revenue': { accepted: 3, invalid: 1 } },
		requests: 1,
	},
	'appmetrica-import-ad-revenue.json': { statuses: { 'Import ad revenue': { accepted: 1 } }, requests: 1 },
	'appmetrica-import-ad-revenue-batch.json': {
		statuses: { 'Upload ad revenue': { accepted: 3 } },
		requests: 1,
	},
	'appmetrica-import-e-commerce.json': {
		statuses: { 'Import e-commerce events': { accepted: 2 } },
		requests: 2,
	},
	// One of the orders has two products, each a row.
	'appmetrica-import-e-commerce-batch.json': {
		statuses: { 'Upload orders': { accepted: 2, invalid: 1 } },
		requests: 1,
		events: 3,
	},
	'appmetrica-import-profiles.json': { statuses: { 'Set attributes': { accepted: 1 } }, requests: 1 },
	'appmetrica-import-profiles-batch.json': {
		statuses: { 'Upload attributes': { accepted: 2, invalid: 1 } },
		requests: 1,
	},
	// The profile of one event is unknown: it is accepted, and never arrives.
	'appmetrica-export-logs.json': {
		statuses: { 'Upload events': { accepted: 3 }, 'Did they arrive?': { found: 2, missing: 1 } },
		requests: 2,
		events: 2,
	},
	'gravity-field-store-event.json': {
		statuses: { 'Send login': { accepted: 1 }, 'Send purchase': { accepted: 1 } },
		requests: 2,
	},
	// One of the accepted items is a list of two events.
	'gravity-field-store-event-batch.json': {
		statuses: { 'Send shop events': { accepted: 4, invalid: 1, rejected: 1 } },
		requests: 4,
		events: 5,
	},
	'gravity-field-store-user.json': {
		statuses: { 'Save attributes': { accepted: 2, invalid: 1 } },
		requests: 2,
	},
	'gravity-field-store-visit.json': { statuses: { 'Store visit': { accepted: 2 } }, requests: 2 },
	// A question stores nothing; the one customer who has a campaign has one link.
	'gravity-field-get-campaign.json': {
		statuses: { 'Get recommendations': { accepted: 2 }, 'Report impression': { accepted: 1, invalid: 1 } },
		requests: 3,
		events: 1,
	},
	'vibetrace-send-event.json': {
		statuses: { 'Send login': { accepted: 1 }, 'Send confirmation': { accepted: 1 } },
		requests: 2,
	},
	// One request per type.
	'vibetrace-send-event-batch.json': {
		statuses: { 'Send shop events': { accepted: 5, invalid: 1 } },
		requests: 2,
	},
	// The customer is saved before the order; one has no address.
	'vibetrace-create-event.json': {
		statuses: {
			'Save customer': { accepted: 1, invalid: 1 },
			'Report order': { accepted: 1, invalid: 1 },
		},
		requests: 2,
	},
	'vibetrace-save-user.json': { statuses: { 'Save users': { accepted: 3, invalid: 1 } }, requests: 3 },
};

/** The recipes that the demo runs, by their path in `workflows/`, in its order. */
export const recipeAnnouncements: Record<string, Announcement> = {
	'recipes/webhook-sign-up.json': {
		steps: [{ start: 'Sign-up' }],
		statuses: { 'Registration in MyTracker': { accepted: 1 }, 'Sign-up in Gravity Field': { accepted: 1 } },
		requests: 2,
	},
	// Posted twice: the second post is sent to nobody.
	'recipes/webhook-order.json': {
		steps: [{ start: 'Order' }, { start: 'Order' }],
		statuses: { 'Confirmation in Vibetrace': { accepted: 2 }, 'Purchase in Gravity Field': { accepted: 2 } },
		requests: 2,
		events: 2,
	},
	'recipes/webhook-paid-order.json': {
		steps: [{ start: 'Paid order' }, { start: 'Paid order' }],
		statuses: {
			'Order in MyTracker': { accepted: 2 },
			'Revenue in AppMetrica': { accepted: 2 },
			'Customer in Vibetrace': { accepted: 2 },
			'Order in Vibetrace': { accepted: 2 },
		},
		requests: 4,
		events: 4,
	},
	'recipes/webhook-refund.json': {
		steps: [{ start: 'Refund' }, { start: 'Refund' }],
		statuses: { 'Refund in MyTracker': { accepted: 2 }, 'Refund in AppMetrica': { accepted: 2 } },
		requests: 2,
		events: 2,
	},
	// One price is written wrongly; all others leave as one file, the second night nothing.
	'recipes/nightly-revenue.json': {
		steps: [
			{ start: 'Once: create the table' },
			{ start: 'Every night at 3' },
			{ start: 'Every night at 3', hoursLater: 24 },
		],
		statuses: { 'Upload revenue': { accepted: 3, invalid: 1 } },
		requests: 1,
		tables: {
			shop_orders: [
				{ orderNumber: 'ORD-1', status: 'accepted', reason: '' },
				{ orderNumber: 'ORD-2', status: 'accepted', reason: '' },
				{ orderNumber: 'ORD-3', status: 'accepted', reason: '' },
				{ orderNumber: 'ORD-4', status: 'invalid' },
			],
		},
	},
	// AppMetrica takes 1,000 events and drops three without a word.
	'recipes/did-last-night-arrive.json': {
		steps: [
			{ start: 'Once: create the tables' },
			{ start: 'Every night at 3' },
			{ start: 'Every morning at 10', hoursLater: 7 },
		],
		statuses: { 'Upload to AppMetrica': { accepted: 1_000 }, 'Did they arrive?': { found: 997, missing: 3 } },
		requests: 2,
		events: 997,
		error: '3 of 1,000 events did not arrive in AppMetrica: A-0018, A-0401, A-1000',
		tables: { arrival_summary: [{ checked: 1_000, found: 997, missing: 3, tooEarly: 0, unclear: 0 }] },
	},
};
