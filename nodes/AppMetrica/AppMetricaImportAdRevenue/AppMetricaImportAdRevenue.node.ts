import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { formOf, run, subtitleOf } from '../../engine';
import { importAdRevenue } from '../importAdRevenue';

export class AppMetricaImportAdRevenue implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'AppMetrica Import Ad Revenue',
		name: 'appMetricaImportAdRevenue',
		icon: { light: 'file:../../../icons/appmetrica.svg', dark: 'file:../../../icons/appmetrica.dark.svg' },
		group: ['output'],
		parameterPane: 'wide',
		version: 1,
		subtitle: subtitleOf('$rawParameter["ad_type"].replace(/^=/, "")'),
		description:
			'Upload the revenue of ad impressions to AppMetrica, up to 100,000 in one file. Needs the event time (ISO 8601 or Unix seconds), revenue, currency (three letters), ad type and a user profile ID or a device ID hash.',
		defaults: { name: 'AppMetrica Import Ad Revenue' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: { searchHint: importAdRevenue.searchHint },
		credentials: [{ name: 'appMetricaApi', required: true }],
		properties: formOf(importAdRevenue),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, importAdRevenue);
	}
}
