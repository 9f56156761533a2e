import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { formOf, HOW_SENT, run, subtitleOf } from '../../engine';
import { customRevenue } from '../customRevenue';

export class MyTrackerCustomRevenue implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MyTracker Custom Revenue',
		name: 'myTrackerCustomRevenue',
		icon: { light: 'file:../../../icons/mytracker.svg', dark: 'file:../../../icons/mytracker.dark.svg' },
		group: ['output'],
		parameterPane: 'wide',
		version: 1,
		subtitle: subtitleOf(HOW_SENT),
		description:
			'Send payments of your own shop or cash desk to MyTracker, up to 20 in one request. Needs the transaction ID, the total (a number), the currency (three letters) and a user ID or a device ID.',
		defaults: { name: 'MyTracker Custom Revenue' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: { searchHint: customRevenue.searchHint },
		credentials: [{ name: 'myTrackerApi', required: true }],
		properties: formOf(customRevenue),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, customRevenue);
	}
}
