import type { IDataObject } from 'n8n-workflow';

import type { StoredEvent } from '../../../tools/sandbox/server.mts';
import type { ChangingMapping, OperationCase } from '../../support/cases.mts';

const event_timestamp = String(Math.floor(Date.now() / 1000) - 60);

const appMetricaImportEvents: OperationCase = {
	good: (id) => ({ profile_id: 'ann', event_name: 'bought', event_timestamp, event_json: { ref: id } }),
	refused: (id) => ({
		profile_id: 'sandbox-refuse',
		event_name: 'bought',
		event_timestamp,
		event_json: { ref: id },
	}),
	invalid: (id) => ({ profile_id: 'ann', event_timestamp, event_json: { ref: id } }),
	idOf: ({ event }) => (JSON.parse(event.event_json as string) as { ref: string }).ref,
	withText: (ref, text) => ({
		profile_id: text,
		event_name: text,
		event_timestamp,
		event_json: { ref, text, [`k${text}`]: 'own' },
	}),
	textsOf: ({ event }) => {
		const json = JSON.parse(event.event_json as string) as Record<string, string>;
		return [
			event.profile_id,
			event.event_name,
			json.text,
			Object.keys(json)
				.find((name) => json[name] === 'own')
				?.slice(1),
		];
	},
	ofPerson: (id, person) => ({
		profile_id: person,
		event_name: 'bought',
		event_timestamp,
		event_json: { ref: id },
	}),
	accepted: { statusCode: 200, body: 'Your data has been uploaded.' },
	mostRequests: 10,
	refusal: { status: 400, body: 'One or more required parameters were missing in the request.' },
	silent: [500, 501, 502, 504],
	notStored: [503],
};

/** Another upload: `place` is the JSON text that holds the id and names of one's own. */
function upload(
	least: IDataObject,
	{ place, text, missing }: { place: string; text: readonly string[]; missing: string },
): OperationCase {
	const json = ({ event }: StoredEvent) => JSON.parse(event[place] as string) as Record<string, string>;
	const good = (id: string, more: IDataObject = {}): IDataObject => ({
		profile_id: 'ann',
		...least,
		[place]: { ref: id },
		...more,
	});
	return {
		...appMetricaImportEvents,
		good: (id) => good(id),
		refused: (id) => good(id, { profile_id: 'sandbox-refuse' }),
		invalid: (id) => good(id, { [missing]: '' }),
		idOf: (stored) => json(stored).ref,
		withText: (ref, value) =>
			good(ref, {
				...Object.fromEntries(['profile_id', ...text].map((name) => [name, value])),
				[place]: { ref, text: value, [`k${value}`]: 'own' },
			}),
		textsOf: (stored) => {
			const own = json(stored);
			return [
				...['profile_id', ...text].map((name) => stored.event[name]),
				own.text,
				Object.keys(own)
					.find((name) => own[name] === 'own')
					?.slice(1),
			];
		},
		ofPerson: (id, person) => good(id, { profile_id: person }),
	};
}

const appMetricaImportRevenue = upload(
	{
		revenue_event_type: 'one_time_purchase',
		event_timestamp,
		price: '499.90',
		currency: 'RUB',
		product_id: 'tea',
	},
	{ place: 'payload', text: ['product_id', 'order_id'], missing: 'product_id' },
);
const appMetricaImportAdRevenue = upload(
	{ event_timestamp, revenue: '0.0001', currency: 'USD', ad_type: 'banner' },
	{ place: 'payload', text: ['ad_network', 'ad_unit_name'], missing: 'ad_type' },
);
const appMetricaImportEcommerce = upload(
	{
		event_timestamp,
		ecom_event_type: 'PURCHASE',
		order_id: 'a1b2c3d4',
		product_name: 'Tea',
		cart_item_quantity: 1,
		original_price_currency: 'RUB',
		original_price_value: '1.05',
	},
	{ place: 'payload', text: ['product_name', 'screen_name'], missing: 'order_id' },
);
const appMetricaImportProfiles = upload({}, { place: 'attributes', text: [], missing: 'profile_id' });

export const cases = {
	appMetricaImportEvents,
	appMetricaImportRevenue,
	appMetricaImportAdRevenue,
	appMetricaImportEcommerce,
	appMetricaImportProfiles,
};

export const changing: ChangingMapping = {
	node: 'appMetricaImportEvents',
	parameters: {
		profile_id: '={{ $json.user }}',
		event_name: '={{ $json.text }}{{ $vars.next() }}',
		event_timestamp,
		event_json: '={{ { ref: $json.id } }}',
	},
	nameOf: ({ event }) => event.event_name,
};
