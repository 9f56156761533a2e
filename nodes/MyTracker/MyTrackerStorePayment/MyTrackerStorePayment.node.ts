import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { formOf, run, subtitleOf } from '../../engine';
import { storePayment } from '../storePayment';

export class MyTrackerStorePayment implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MyTracker Store Payment',
		name: 'myTrackerStorePayment',
		icon: { light: 'file:../../../icons/mytracker.svg', dark: 'file:../../../icons/mytracker.dark.svg' },
		group: ['output'],
		parameterPane: 'wide',
		version: 1,
		subtitle: subtitleOf('$rawParameter["payment"].replace(/^=/, "")'),
		description:
			'Send purchases and subscriptions of the App Store and Google Play to MyTracker, up to 20 in one request. A purchase needs its transaction ID or order ID, product ID, price or revenue, currency (three letters) and a user ID or a device ID.',
		defaults: { name: 'MyTracker Store Payment' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: { searchHint: storePayment.searchHint },
		credentials: [{ name: 'myTrackerApi', required: true }],
		properties: formOf(storePayment),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, storePayment);
	}
}
