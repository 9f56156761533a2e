'use strict';
/** Prints, in one line, how long each node before it took by n8n's own record, and what the process has used so far. */
class BenchReport {
	constructor() {
		this.description = {
			displayName: 'Bench Report',
			name: 'benchReport',
			group: ['transform'],
			version: 1,
			description: 'Prints the measurement',
			defaults: { name: 'Bench Report' },
			inputs: ['main'],
			outputs: ['main'],
			properties: [],
		};
	}

	async execute() {
		const peakKilobytes = process.resourceUsage().maxRSS;
		const { loop, cpu } = globalThis.bench;
		loop.disable();
		const { user, system } = process.cpuUsage(cpu);
		const tasks = Object.entries(this.runExecutionData.resultData.runData);
		const items = this.getInputData();
		const statuses = {};
		const requests = new Set();
		for (const { json } of items) {
			const { status, request } = json.delivery ?? {};
			if (status) statuses[status] = (statuses[status] ?? 0) + 1;
			if (request) requests.add(request);
		}
		const report = {
			milliseconds: Object.fromEntries(tasks.map(([name, runs]) => [name, runs[0].executionTime])),
			processor: (user + system) / 1000,
			peakMegabytes: peakKilobytes / 1024,
			longestBlock: loop.max / 1e6,
			items: items.length,
			statuses,
			requests: requests.size,
		};
		process.stdout.write(`\nBENCH-REPORT ${JSON.stringify(report)} BENCH-END\n`);
		return [[]];
	}
}

module.exports = { BenchReport };
