import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { formOf, run, subtitleOf } from '../../engine';
import { importEcommerce } from '../importEcommerce';

export class AppMetricaImportEcommerce implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'AppMetrica Import E-commerce',
		name: 'appMetricaImportEcommerce',
		icon: { light: 'file:../../../icons/appmetrica.svg', dark: 'file:../../../icons/appmetrica.dark.svg' },
		group: ['output'],
		parameterPane: 'wide',
		version: 1,
		subtitle: subtitleOf('$rawParameter["ecom_event_type"].replace(/^=/, "")'),
		description:
			'Upload orders and carts to AppMetrica, up to 100,000 products in one file. Needs the event type, the event time (ISO 8601 or Unix seconds), order ID, product name, quantity, original price with its currency, and a user profile ID or a device ID hash.',
		defaults: { name: 'AppMetrica Import E-commerce' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: { searchHint: importEcommerce.searchHint },
		credentials: [{ name: 'appMetricaApi', required: true }],
		properties: formOf(importEcommerce),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, importEcommerce);
	}
}
