'use strict';
/** Gives the items that an export is measured with, and begins to watch n8n's process. Copied into a custom-extension folder. */
const { readFileSync, writeFileSync } = require('node:fs');
const { monitorEventLoopDelay } = require('node:perf_hooks');

class BenchStart {
	constructor() {
		this.description = {
			displayName: 'Bench Start',
			name: 'benchStart',
			group: ['transform'],
			version: 1,
			description: 'Begins a measurement',
			defaults: { name: 'Bench Start' },
			inputs: ['main'],
			outputs: ['main'],
			properties: [
				{ displayName: 'Sent', name: 'sent', type: 'number', default: 0 },
				{ displayName: 'Event Name', name: 'eventName', type: 'string', default: '' },
			],
		};
	}

	async execute() {
		const sent = this.getNodeParameter('sent', 0);
		const event_name = this.getNodeParameter('eventName', 0);
		const event_timestamp = String(Math.floor(Date.now() / 1000) - 86400);
		const items = Array.from({ length: Math.max(1, sent) }, (_, n) => ({
			json: sent
				? { event: { event_name, profile_id: `user-${n}`, event_timestamp, event_json: `{"n":${n}}` } }
				: {},
		}));
		const loop = monitorEventLoopDelay({ resolution: 10 });
		global.gc?.();
		// Forgets the peak of n8n's start: what follows is the peak of the run alone.
		writeFileSync('/proc/self/clear_refs', '5');
		const residentKilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
		globalThis.bench = { loop, cpu: process.cpuUsage(), residentKilobytes };
		loop.enable();
		return [items];
	}
}

module.exports = { BenchStart };
