'use strict';
/** Makes the items of a measurement inside n8n and begins to watch its process. Copied into a custom-extension folder. */
const { monitorEventLoopDelay } = require('node:perf_hooks');

/** Ten plain fields of MyTracker's customEvent, each in its wire form already, so that any node can send them as they are. */
const myTracker = (at, now) => ({
	customUserId: `user-${at}`,
	customEventName: 'purchase',
	idGender: String(at % 3),
	age: String(18 + (at % 60)),
	eventTimestamp: String(now - (at % 3600)),
	// Another one in each run, of which the next one may remember them.
	instanceId: `${now.toString(16).padStart(8, '0')}-0000-4000-8000-${String(at).padStart(12, '0')}`,
	ipv4: `203.0.113.${at % 256}`,
	connectionType: '2',
	bluetoothEnabled: '1',
	userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
});

const appMetrica = (at, now) => ({
	profile_id: `user-${at}`,
	event_name: 'purchase',
	event_timestamp: now - (at % 3600),
	event_json: { sku: `sku-${at % 500}`, price: 19.9 + (at % 10), currency: 'EUR' },
	os_name: 'android',
	app_version_name: '1.2.3',
});

/** What n8n takes in one item at most: 16 MB. */
const large = (at, now) => ({
	...appMetrica(at, now),
	event_json: {
		rows: Array.from({ length: 200_000 }, (_, row) => ({
			sku: `sku-${row}`,
			price: 19.9 + (row % 10),
			tags: [1, 2, 3.5],
			stock: { berlin: true, riga: null },
		})),
	},
});

const makers = { myTracker, appMetrica, large };

class BenchItems {
	constructor() {
		this.description = {
			displayName: 'Bench Items',
			name: 'benchItems',
			group: ['transform'],
			version: 1,
			description: 'Makes items',
			defaults: { name: 'Bench Items' },
			inputs: ['main'],
			outputs: ['main'],
			properties: [
				{ displayName: 'Kind', name: 'kind', type: 'string', default: 'myTracker' },
				{ displayName: 'Count', name: 'count', type: 'number', default: 1 },
			],
		};
	}

	async execute() {
		const make = makers[this.getNodeParameter('kind', 0)];
		const count = this.getNodeParameter('count', 0);
		const now = Math.floor(Date.now() / 1000) - 60;
		const items = Array.from({ length: count }, (_, at) => ({ json: make(at, now) }));
		const loop = monitorEventLoopDelay({ resolution: 10 });
		globalThis.bench = { loop, cpu: process.cpuUsage() };
		loop.enable();
		return [items];
	}
}

module.exports = { BenchItems };
