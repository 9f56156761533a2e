import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { formOf, run, subtitleOf } from '../../engine';
import { order } from '../order';

export class MyTrackerOrder implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MyTracker Order',
		name: 'myTrackerOrder',
		icon: { light: 'file:../../../icons/mytracker.svg', dark: 'file:../../../icons/mytracker.dark.svg' },
		group: ['output'],
		parameterPane: 'wide',
		version: 1,
		subtitle: subtitleOf('($rawParameter["status"] || "PAY").replace(/^=/, "")'),
		description:
			'Tell MyTracker about orders that were added, paid, canceled or refunded, up to 20 in one request. Needs the order ID, its products and a user ID or a device ID.',
		defaults: { name: 'MyTracker Order' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: { searchHint: order.searchHint },
		credentials: [{ name: 'myTrackerApi', required: true }],
		properties: formOf(order),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, order);
	}
}
