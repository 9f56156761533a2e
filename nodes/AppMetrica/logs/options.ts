import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import { quoted } from '../../engine';

/** The options of the form, checked. */
export interface ExportOptions {
	/** Milliseconds. */
	maxWait: number;
	maxItems: number;
	/** The zone into which times with a zone are converted. */
	zone: string;
	/** The name of the output's binary field. */
	binaryProperty: string;
	/** Whether an earlier run has asked for the file. */
	useEarlierFile: boolean;
	/** Names of the user's own. */
	ownFields: string[];
}

const DAY_SECONDS = 86_400;

/** Reads the options; the message says which of them is wrong. */
export function readOptions(options: IDataObject): ExportOptions | { message: string } {
	const { maxWait = 600, maxItems = 100_000, timeZone = 'Europe/Moscow', binaryProperty = 'data' } = options;
	const seconds = Number(maxWait);
	if (!(seconds >= 0 && seconds <= DAY_SECONDS)) {
		return { message: `'Longest Wait' (maxWait) must be a number of seconds from 0 to 86,400` };
	}
	const items = Number(maxItems);
	if (!(Number.isSafeInteger(items) && items >= 1)) {
		return { message: `'Most Items' (maxItems) must be a whole number of at least 1` };
	}
	const zone = String(timeZone).trim();
	if (!DateTime.utc().setZone(zone).isValid) {
		return {
			message: `'Time Zone' (timeZone) is ${quoted(zone)}, which is not a time zone; enter one such as Europe/Moscow`,
		};
	}
	return {
		maxWait: seconds * 1_000,
		maxItems: items,
		zone,
		binaryProperty: String(binaryProperty).trim() || 'data',
		useEarlierFile: options.useEarlierFile === true,
		ownFields: String(options.ownFields ?? '')
			.split(',')
			.map((name) => name.trim())
			.filter((name) => name !== ''),
	};
}
