import type { CompoundForm } from '../engine';

/** How compound values are typed in, in all nodes of the vendor. */
export const ITEMS_FORM: CompoundForm = {
	rows: { name: 'itemsRows', part: 'row', label: 'Items', add: 'Add Item' },
	json: { name: 'items', label: 'Items (JSON)' },
};

export const DETAILS_FORM: CompoundForm = {
	rows: {
		name: 'genericRows',
		part: 'pair',
		label: 'Order or Event Details',
		add: 'Add Detail',
		example: ['coupons, status, phone, currency or a name of your own', 'RON'],
	},
	json: { name: 'generic', label: 'Order or Event Details (JSON)' },
};

/** `example` is shown in an empty row. */
export const attributesForm = (example: readonly [name: string, value: string]): CompoundForm => ({
	rows: { name: 'attributesRows', part: 'pair', label: 'Attributes', add: 'Add Attribute', example },
	json: { name: 'attributes', label: 'Attributes (JSON)' },
});
