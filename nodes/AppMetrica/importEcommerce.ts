import type { Operation } from '../engine';

import { appMetricaCredential } from './credential';
import { currencies, fields, payloads, PRODUCTS, productPayload, sections } from './ecommerceFields';
import { EITHER_ID } from './fields';
import { LIMITS_OF_MONEY, currencyRule, payloadRule } from './money';
import { rules } from './rules';
import { defaults, limitsOf, PAGES, responses, wireForms, EMPTY_CELLS } from './vendor';
import { searchHints, searchWords } from './searchWords';

export const importEcommerce: Operation = {
	name: 'appMetricaImportEcommerce',
	vendor: 'AppMetrica',
	title: 'Import E-commerce',
	documentation: `${PAGES}/post-ecommerce`,
	searchWords: searchWords.importEcommerce,
	searchHint: searchHints.importEcommerce,
	credential: appMetricaCredential,
	notices: [EITHER_ID],
	fields,
	sections,
	rules: [
		...rules,
		currencyRule(currencies, true),
		payloadRule(payloads),
		payloadRule([productPayload], true),
	],
	listOf: PRODUCTS,
	options: [EMPTY_CELLS],
	...wireForms({ path: 'ecommerce', fields, listOf: PRODUCTS }),
	responses,
	defaults,
	samples: [
		{
			of: 'the CSV sample, its values under their names, with one of its two IDs, currencies in capitals',
			event: {
				profile_id: '1234567890abcdef',
				event_timestamp: '1689943892',
				ecom_event_type: 'ADD_TO_CART',
				order_id: 'a1b2c3d4',
				product_name: 'some_product',
				cart_item_quantity: '1',
				cart_item_price_currency: 'USD',
				cart_item_price_value: '0.5',
				cart_item_price_internal_currency: 'some_currency',
				cart_item_price_internal_value: '1.43',
				actual_price_currency: 'USD',
				actual_price_value: '0.7',
				actual_price_internal_currency: 'some_currency',
				actual_price_internal_value: '2',
				payload: '{"key":"value_1"}',
				product_category_path_1: 'product_path_1',
				product_category_path_2: 'product_path_2',
				original_price_currency: 'USD',
				original_price_value: '1.05',
				original_price_internal_currency: 'some_currency',
				original_price_internal_value: '3',
				product_payload: '{"key":"value_1"}',
				product_promo_codes: '[promo_code_1,promo_code_2]',
				product_sku: '012345abc',
				screen_category_path_1: 'screen_path_1',
				screen_name: 'some_screen',
				screen_payload: '{"key":"value_1"}',
				session_type: 'foreground',
			},
		},
	],
	limits: limitsOf(
		[
			...LIMITS_OF_MONEY,
			`One row has one product, and several products of an order are rows with the same order ID and time (inferred); an item may hold them as a list under '${PRODUCTS}', which is sent as a whole`,
			'Order, product, quantity and original price are required for every type, SHOW_SCREEN included (documented)',
			'Prices are "int" on the page and decimals in its sample: decimals are sent',
			'Promo codes are sent as in the sample, [code_1,code_2], for which no escape is known: a code with a comma, a quote or a bracket is refused (inferred)',
			'How several internal currencies of one price are written is not documented: one is sent',
			'The newest pages hide payload, product_payload and screen_payload in a comment; older ones list them',
			'The SDK cuts product names at 1,000 characters and other texts at 100; for uploads no figure is documented, so a longer one is sent with a warning (inferred)',
			'E-commerce events do not count towards the daily limit of events (documented)',
		],
		{ aged: true },
	),
};
