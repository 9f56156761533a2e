import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { exportLogs } from '../exportLogs';
import { getApplications, getFields } from '../logs/lists';
import { runExportLogs } from '../logs/run';

export class AppMetricaExportLogs implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'AppMetrica Export Logs',
		name: 'appMetricaExportLogs',
		icon: { light: 'file:../../../icons/appmetrica.svg', dark: 'file:../../../icons/appmetrica.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle: '={{ $parameter["operation"] === "match" ? "match sent events" : $parameter["resource"] }}',
		description:
			'Read raw events, purchases, profiles or installations from AppMetrica, or check whether sent events arrived',
		defaults: { name: 'AppMetrica Export Logs' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: { searchHint: exportLogs.searchHint },
		credentials: [{ name: 'appMetricaOAuthApi', required: true }],
		properties: exportLogs.form(),
	};

	methods = { loadOptions: { getApplications, getFields } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runExportLogs(this);
	}
}
