import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { formOf, run, subtitleOf } from '../../engine';
import { importRevenue } from '../importRevenue';

export class AppMetricaImportRevenue implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'AppMetrica Import Revenue',
		name: 'appMetricaImportRevenue',
		icon: { light: 'file:../../../icons/appmetrica.svg', dark: 'file:../../../icons/appmetrica.dark.svg' },
		group: ['output'],
		parameterPane: 'wide',
		version: 1,
		subtitle: subtitleOf('$rawParameter["revenue_event_type"].replace(/^=/, "")'),
		description:
			'Upload purchases, subscriptions and refunds to AppMetrica, up to 100,000 in one file. Needs the event type, the event time (ISO 8601 or Unix seconds), price, currency (three letters), product ID and a user profile ID or a device ID hash.',
		defaults: { name: 'AppMetrica Import Revenue' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: { searchHint: importRevenue.searchHint },
		credentials: [{ name: 'appMetricaApi', required: true }],
		properties: formOf(importRevenue),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, importRevenue);
	}
}
