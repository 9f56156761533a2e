/** How hard each rule is, and what becomes of what people really have: through the node, in both mapping modes. */
import type { IDataObject } from 'n8n-workflow';

import { describeRules, type RuleCase } from '../../support/bothModes.mts';

const IDS = { userId: '8139618027113397', sessionId: '253412802711339765' };
const IDS_TEXT = '"userId":"8139618027113397","sessionId":"253412802711339765"';
const ADDRESS = { email: 'buyer@example.com' };

/** The address without its host and its random number, `data` decoded. */
const written = ({ url }: { url: string }) => {
	const { pathname, searchParams } = new URL(url, 'https://x');
	const callback = /[?&]callback=([^&]*)/.exec(url)?.[1];
	return `${pathname.split('/').at(-1)} ${searchParams.get('data')}${callback === undefined ? '' : ` ${callback}`}`;
};

const order = (more: IDataObject): IDataObject => ({
	type: 'confirmation',
	...IDS,
	items: [{ id: '123123-M', quantity: 2 }],
	...more,
});
const ITEMS = '"items":[{"id":"123123-M","quantity":2}]';

const older = (type: string, needed: string): RuleCase[] => [
	{
		of: `${type}: without ${needed}, which a retired API required`,
		item: { type, ...IDS },
		sends: `${type} [{${IDS_TEXT},"type":"${type}"}]`,
		warns: needed.split(', ').map((field) => [field, new RegExp(`\\(${field}\\) is required for ${type}`)]),
	},
	{
		of: `${type}: without ${needed}, where rules that are not documented are ignored`,
		item: { type, ...IDS },
		options: { unprovenRules: 'ignore' },
		sends: `${type} [{${IDS_TEXT},"type":"${type}"}]`,
	},
];

const nobody: ReadonlyArray<readonly [string, RegExp]> = [
	['undefined', /is the text 'undefined'/],
	['null', /is the text 'null'/],
	['NaN', /is the text 'NaN'/],
	['[object Object]', /\[object Object\]/],
	['1.23457E+17', /is a number in exponent form: "1\.23457E\+17"/],
];

describeRules({
	node: 'vibetraceSendEvent',
	written,
	cases: [
		{
			of: 'login by user and session',
			item: { type: 'login', ...IDS },
			sends: `login [{${IDS_TEXT},"type":"login"}]`,
		},
		{
			of: 'login by the cookie',
			item: { type: 'login', vtUserCookie: '8139618027113397_253412802711339765_false_false' },
			sends: `login [{${IDS_TEXT},"type":"login"}]`,
		},
		{
			of: 'login by _vtsid',
			item: { type: 'login', _vtsid: 'abc' },
			sends: 'login [{"_vtsid":"abc","type":"login"}]',
		},
		{
			of: 'login by address',
			item: { type: 'login', ...ADDRESS },
			sends: 'login [{"type":"login","email":"buyer@example.com"}]',
		},
		{
			of: 'an event that names nobody',
			item: { type: 'login' },
			refuses: [
				[
					'userId',
					/^The event has no identification: give 'User ID' \(userId\) with 'Session ID' \(sessionId\), or 'Email' \(email\), or /,
				],
			],
		},
		{
			of: 'a user without its session',
			item: { type: 'login', userId: '8139618027113397' },
			refuses: [['sessionId', /go together; 'Session ID' \(sessionId\) is missing$/]],
		},
		{
			of: 'callback: any text, percent-encoded',
			item: { type: 'login', ...ADDRESS, callback: "мой 'cb' & 1" },
			sends: `login [{"type":"login","email":"buyer@example.com"}] ${encodeURIComponent('мой ')}%27cb%27%20%26%201`,
		},
		...older('viewitem', 'itemId'),
		...older('viewcategory', 'category'),
		...older('search', 'query'),
		...older('addtocart', 'cartId, itemId'),
		...older('checkout', 'cartId'),
		{
			of: 'a type of one’s own',
			item: { type: 'customType', customType: 'price-alert', ...IDS },
			sends: `price-alert [{${IDS_TEXT},"type":"price-alert"}]`,
		},
		{
			of: 'an order without its ID',
			item: order({ generic: { total: 234.12 } }),
			sends: `confirmation [{${IDS_TEXT},"type":"confirmation",${ITEMS},"generic":{"total":234.12}}]`,
			warns: [
				[
					'generic.orderId',
					"'Order ID' (generic.orderId) is required for confirmation: Vibetrace creates one if it is missing, so a repeat counts twice",
				],
			],
			hints: ['Vibetrace creates one if it is missing'],
		},
		{
			of: 'an order without its ID, where rules that are not documented refuse',
			item: order({ generic: { total: 234.12 } }),
			options: { unprovenRules: 'refuse' },
			refuses: [['generic.orderId', /is required for confirmation/]],
		},
		{
			of: 'an order as it is printed',
			item: order({ generic: { orderId: 'A-1', total: 234.12, email: 'buyer@example.com' } }),
			sends: `confirmation [{${IDS_TEXT},"type":"confirmation",${ITEMS},"generic":{"orderId":"A-1","total":234.12,"email":"buyer@example.com"}}]`,
		},
		{
			of: 'names written flat',
			item: {
				type: 'confirmation',
				...IDS,
				'items[0][id]': 'x',
				'items[0][quantity]': '2',
				'generic.orderId': 'A-1',
				'generic[total]': '10',
			},
			modes: ['autoMapInputData'],
			sends: `confirmation [{${IDS_TEXT},"type":"confirmation","items":[{"id":"x","quantity":2}],"generic":{"orderId":"A-1","total":10}}]`,
		},
		{
			of: 'ts beside an event belongs to the URL',
			item: { type: 'login', ...ADDRESS, ts: 7 },
			modes: ['autoMapInputData'],
			sends: 'login [{"type":"login","email":"buyer@example.com"}]',
			warns: [['ts', /^'ts' belongs to the URL, .*; it was not sent$/]],
		},
		{
			of: 'items: the text null',
			item: order({ items: 'null', generic: { orderId: 'A-1', total: 1 } }),
			sends: `confirmation [{${IDS_TEXT},"type":"confirmation","generic":{"orderId":"A-1","total":1}}]`,
		},
		{
			of: 'generic: []',
			item: order({ generic: [] }),
			sends: `confirmation [{${IDS_TEXT},"type":"confirmation",${ITEMS},"generic":{}}]`,
			warns: [['generic.orderId', /is required for confirmation/]],
		},
		{
			of: 'generic: the text null',
			item: order({ generic: 'null' }),
			sends: `confirmation [{${IDS_TEXT},"type":"confirmation",${ITEMS}}]`,
			warns: [['generic.orderId', /is required for confirmation/]],
		},
		{
			of: 'generic: 17 digits inside JSON text',
			item: order({ generic: '{"orderId":"A-1","card":12345678901234567}' }),
			sends: `confirmation [{${IDS_TEXT},"type":"confirmation",${ITEMS},"generic":{"orderId":"A-1","card":12345678901234567}}]`,
		},
		{
			of: 'generic: broken JSON',
			item: order({ generic: '{"orderId": A-1}' }),
			refuses: [['generic', /is not JSON.*character 13/]],
		},
		{
			of: 'items: a text of an empty object',
			item: order({ items: '{}', generic: { orderId: 'A-1' } }),
			refuses: [['items', /list/]],
		},
		{
			of: 'a line of an order without what the sample shows',
			item: order({ items: [{ sku: 'x', qty: 1 }], generic: { orderId: 'A-1' } }),
			sends: `confirmation [{${IDS_TEXT},"type":"confirmation","items":[{"sku":"x","qty":1}],"generic":{"orderId":"A-1"}}]`,
			isRejected: true,
			warns: ['id', 'quantity'].map((name) => [
				`items[0].${name}`,
				"Items, line 1: has sku, qty; needs 'Product ID' (id), 'Quantity' (quantity)",
			]),
		},
		...nobody.flatMap(([value, says]): RuleCase[] => [
			{ of: `user ID ${value}`, item: { type: 'login', ...IDS, userId: value }, refuses: [['userId', says]] },
			{
				of: `order ID ${value}`,
				item: order({ generic: { orderId: value } }),
				refuses: [['generic.orderId', says]],
			},
			{
				of: `event name ${value}`,
				item: { type: 'generic', ...IDS, generic: { event_name: value } },
				refuses: [['generic.event_name', says]],
			},
		]),
		{
			of: 'address: an empty object from an expression',
			item: { type: 'login', email: {} },
			refuses: [['email', /must be text, not an object/]],
		},
		{
			of: 'a name that is nearly a documented one',
			item: { type: 'login', ...IDS, Email: 'x' },
			modes: ['autoMapInputData'],
			sends: `login [{${IDS_TEXT},"type":"login","Email":"x"}]`,
			hints: [/Email \(did you mean email\?\)/],
		},
		{
			of: 'an account that is not the one of the credential',
			item: { type: 'login', ...ADDRESS, account_id: 'other' },
			modes: ['autoMapInputData'],
			refuses: [['account_id', /names another account than the one the event would go to/]],
		},
	],
});
