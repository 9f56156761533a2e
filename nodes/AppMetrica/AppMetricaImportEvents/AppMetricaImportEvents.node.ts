import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { formOf, run, subtitleOf } from '../../engine';
import { importEvents } from '../importEvents';

export class AppMetricaImportEvents implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'AppMetrica Import Events',
		name: 'appMetricaImportEvents',
		icon: { light: 'file:../../../icons/appmetrica.svg', dark: 'file:../../../icons/appmetrica.dark.svg' },
		group: ['output'],
		parameterPane: 'wide',
		version: 1,
		subtitle: subtitleOf('$rawParameter["event_name"].replace(/^=/, "")'),
		description:
			'Upload events that happened outside the app to AppMetrica, up to 100,000 in one file. Needs the event name, the event time (ISO 8601 or Unix seconds) and a user profile ID or a device ID hash.',
		defaults: { name: 'AppMetrica Import Events' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		builderHint: { searchHint: importEvents.searchHint },
		credentials: [{ name: 'appMetricaApi', required: true }],
		properties: formOf(importEvents),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await run(this, importEvents);
	}
}
