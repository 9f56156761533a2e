'use strict';
/** Prints, in one line, what the measured export took and gave. */
const { readFileSync } = require('node:fs');

class BenchEnd {
	constructor() {
		this.description = {
			displayName: 'Bench End',
			name: 'benchEnd',
			group: ['transform'],
			version: 1,
			description: 'Prints the measurement',
			defaults: { name: 'Bench End' },
			inputs: ['main'],
			outputs: ['main'],
			properties: [],
		};
	}

	async execute() {
		const { loop, cpu, residentKilobytes } = globalThis.bench;
		loop.disable();
		const peakKilobytes = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
		const { user, system } = process.cpuUsage(cpu);
		const [task] = this.runExecutionData.resultData.runData.Node;
		const items = this.getInputData();
		const statuses = {};
		for (const { json } of items) {
			const status = json.arrival?.status ?? json.export?.status;
			if (status) statuses[status] = (statuses[status] ?? 0) + 1;
		}
		const report = {
			milliseconds: task.executionTime,
			processor: (user + system) / 1000,
			startMegabytes: residentKilobytes / 1024,
			peakMegabytes: peakKilobytes / 1024,
			longestBlock: loop.max / 1e6,
			items: items.length,
			statuses,
			file: items[0]?.binary?.data?.fileSize,
		};
		process.stdout.write(`\nBENCH-REPORT ${JSON.stringify(report)} BENCH-END\n`);
		return [[]];
	}
}

module.exports = { BenchEnd };
