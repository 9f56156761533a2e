'use strict';
/** Gives the items of a file, or those it gets in reverse order with one of them unpaired. */
const { readFileSync } = require('node:fs');
const { deserialize } = require('node:v8');

class CompareItems {
	constructor() {
		this.description = {
			displayName: 'Compare Items',
			name: 'compareItems',
			group: ['transform'],
			version: 1,
			description: 'Gives items',
			defaults: { name: 'Compare Items' },
			inputs: ['main'],
			outputs: ['main'],
			properties: [{ displayName: 'Turns', name: 'turns', type: 'boolean', default: false }],
		};
	}

	async execute() {
		if (!this.getNodeParameter('turns', 0)) {
			const items = deserialize(readFileSync(process.env.COMPARE_ITEMS));
			return [items.map((json) => ({ json, pairedItem: { item: 0 } }))];
		}
		const items = this.getInputData();
		const last = items.length - 1;
		return [
			items.map((_, at) => ({
				json: items[last - at].json,
				...(at === 2 ? {} : { pairedItem: { item: at } }),
			})),
		];
	}
}

module.exports = { CompareItems };
