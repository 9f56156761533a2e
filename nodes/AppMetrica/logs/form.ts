import type { INodeProperties } from 'n8n-workflow';

import { RESOURCES } from './resources';

const withFields = RESOURCES.filter(({ dates }) => dates !== 'none').map(({ name }) => name);
const withDimension = RESOURCES.filter(({ hasDateDimension }) => hasDateDimension).map(({ name }) => name);

const byLabel = <T extends { name: string }>(options: T[]): T[] =>
	[...options].sort((one, other) => one.name.localeCompare(other.name, 'en'));

const forExport = { operation: ['export'] };
const forMatch = { operation: ['match'] };
/** For an option: it looks for the operation beside the collection. */
const optionOfExport = () => ({ show: { '/operation': ['export'] } });

/** The form of AppMetrica Export Logs. Fresh objects at every call: n8n changes them in place. */
export const exportForm = (): INodeProperties[] => [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Export',
				value: 'export',
				description: 'Read one resource for a range of dates',
				action: 'Export logs from app metrica',
			},
			{
				name: 'Match Sent Events',
				value: 'match',
				description: 'Check whether events that AppMetrica Import Events sent have arrived',
				action: 'Check whether sent events arrived in app metrica',
			},
		],
		default: 'export',
	},
	{
		displayName:
			"Give it the items that AppMetrica Import Events returned, or table rows that hold such an event in the field 'event'. Each is reported as found, missing, tooEarly (AppMetrica merges uploads every 4 hours) or ambiguous.",
		name: 'matchNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: forMatch },
	},
	{
		displayName: 'Application Name or ID',
		name: 'application_id',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getApplications' },
		required: true,
		default: '',
		description:
			'The app in AppMetrica (application_id). Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: byLabel(
			RESOURCES.map(({ name, label, help }) => ({ name: label, value: name, description: help })),
		),
		default: 'events',
		description: 'What to read',
		displayOptions: { show: forExport },
	},
	{
		displayName: 'From',
		name: 'date_since',
		type: 'dateTime',
		default: '',
		placeholder: 'e.g. 2026-11-25',
		description:
			"The first moment of the export (date_since), such as 2026-11-25 or 2026-11-25 09:30:00. AppMetrica does not document the time zone; a time with a zone is converted by the option 'Time Zone', any other is sent as it is written.",
		displayOptions: { show: { ...forExport, resource: withFields } },
	},
	{
		displayName: 'Until',
		name: 'date_until',
		type: 'dateTime',
		default: '',
		placeholder: 'e.g. 2026-11-25',
		description:
			'The last moment of the export (date_until). A date without a time means the end of that day.',
		displayOptions: { show: { ...forExport, resource: withFields } },
	},
	{
		displayName: 'Dates Refer To',
		name: 'date_dimension',
		type: 'options',
		options: [
			{ name: 'Time on the Device', value: 'default', description: 'When it happened' },
			{ name: 'Time of Receipt', value: 'receive', description: 'When AppMetrica got it' },
		],
		default: 'default',
		description: "Which time 'From' and 'Until' mean (date_dimension)",
		displayOptions: { show: { ...forExport, resource: withDimension } },
	},
	{
		displayName: 'Field Names or IDs',
		name: 'fields',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getFields', loadOptionsDependsOn: ['resource'] },
		default: [],
		description:
			'The fields to read (fields); if none is chosen, all of them are read. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		displayOptions: { show: forExport },
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Filter' },
		placeholder: 'Add Filter',
		default: {},
		description: 'Only rows whose field has exactly this value',
		options: [
			{
				displayName: 'Filter',
				name: 'filter',
				values: [
					{
						displayName: 'Field',
						name: 'field',
						type: 'string',
						default: '',
						placeholder: 'e.g. event_name',
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						default: '',
						placeholder: 'e.g. order_paid',
					},
				],
			},
		],
		displayOptions: { show: forExport },
	},
	{
		displayName: 'Return As',
		name: 'returnAs',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'File', value: 'file', description: 'One item with the CSV file, of any size' },
			{ name: 'Items', value: 'items', description: 'One item per row, every value as text' },
		],
		default: 'items',
		displayOptions: { show: forExport },
	},
	{
		displayName: 'Match By',
		name: 'matchBy',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Name, ID and Time',
				value: 'event',
				description: "The event's name, its profile or device, its time in seconds, and its attributes",
			},
			{
				name: 'Your Own ID',
				value: 'ownId',
				description: 'An ID of your own in the attributes of each event: the safest way',
			},
		],
		default: 'event',
		displayOptions: { show: forMatch },
	},
	{
		displayName: 'Own ID',
		name: 'ownIdPath',
		type: 'string',
		noDataExpression: true,
		required: true,
		default: '',
		placeholder: 'e.g. order_id',
		description: 'Where your own ID is in the attributes (event_json); a dot leads into an object',
		displayOptions: { show: { ...forMatch, matchBy: ['ownId'] } },
	},
	{
		displayName: 'Sent At',
		name: 'sentAt',
		type: 'dateTime',
		default: '',
		description:
			'When the events were sent. It decides whether an event that was not found is missing or may still arrive. If empty, the time of the event counts.',
		displayOptions: { show: forMatch },
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Limit',
				name: 'limit',
				displayOptions: optionOfExport(),
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 50,
				description: 'Max number of results to return',
			},
			{
				displayName: 'Longest Wait (Seconds)',
				name: 'maxWait',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 86400 },
				default: 600,
				noDataExpression: true,
				description:
					'How long to wait for AppMetrica to make the file, at most 86,400. After that the node returns "not ready" and a later run goes on.',
			},
			{
				displayName: 'Most Items',
				name: 'maxItems',
				displayOptions: optionOfExport(),
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 100000,
				noDataExpression: true,
				description:
					"Maximum number of rows to return as items; the rest of the file is not read. To get every row, set 'Return As' to File. 'Limit' asks AppMetrica itself for fewer rows.",
			},
			{
				displayName: 'Own Fields',
				name: 'ownFields',
				displayOptions: optionOfExport(),
				type: 'string',
				default: '',
				placeholder: 'e.g. tier, favourite_team',
				description:
					"Names of your own profile attributes to read in addition to the fields, separated by commas. For 'Profile' only.",
			},
			{
				displayName: 'Put Output File in Field',
				name: 'binaryProperty',
				displayOptions: optionOfExport(),
				type: 'string',
				noDataExpression: true,
				default: 'data',
				hint: 'The name of the output binary field to put the file in',
			},
			{
				displayName: 'Skip Unavailable Shards',
				name: 'skip_unavailable_shards',
				displayOptions: optionOfExport(),
				type: 'boolean',
				default: false,
				description:
					'Whether to read what is available while parts of the Logs API are down; up to about 1 % of the rows may then be missing',
			},
			{
				displayName: 'Time Zone',
				name: 'timeZone',
				type: 'string',
				default: 'Europe/Moscow',
				placeholder: 'e.g. Europe/Moscow',
				description:
					'The time zone into which times with a zone are converted. AppMetrica does not document which one it uses; its sample is in Moscow time.',
			},
			{
				displayName: 'Use the File of an Earlier Run',
				name: 'useEarlierFile',
				type: 'boolean',
				default: false,
				description:
					'Whether to use the file that an earlier run with the same settings requested (AppMetrica keeps it for 24 hours), instead of requesting a new one',
			},
		],
	},
];
