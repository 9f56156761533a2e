'use strict';
/** Nothing but n8n's bare HTTP helper with ready bodies of twenty events: no node can be faster with as many requests in flight. */
class BenchFloor {
	constructor() {
		this.description = {
			displayName: 'Bench Floor',
			name: 'benchFloor',
			group: ['output'],
			version: 1,
			description: 'Sends items with the bare helper',
			defaults: { name: 'Bench Floor' },
			inputs: ['main'],
			outputs: ['main'],
			properties: ['url', 'token'].map((name) => ({
				displayName: name,
				name,
				type: 'string',
				default: '',
				noDataExpression: true,
			})),
		};
	}

	async execute() {
		const items = this.getInputData();
		const url = this.getNodeParameter('url', 0);
		const headers = { 'Content-Type': 'application/json', Authorization: this.getNodeParameter('token', 0) };
		let next = 0;
		const sendOn = async () => {
			while (next < items.length) {
				const from = next;
				next += 20;
				const body = Buffer.from(
					`[${items
						.slice(from, next)
						.map(({ json }) => JSON.stringify(json))
						.join(',')}]`,
				);
				await this.helpers.httpRequest({
					method: 'POST',
					url,
					headers: { ...headers },
					body,
					encoding: 'text',
				});
			}
		};
		await Promise.all([sendOn(), sendOn(), sendOn(), sendOn()]);
		return [items];
	}
}

module.exports = { BenchFloor };
