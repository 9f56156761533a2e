import type { INodePropertyOptions } from 'n8n-workflow';

import type { Choice } from '../operation/operation';

const NOT_SET: Choice = { value: '', label: 'Not Set' };

/** n8n wants five and more entries in the order of the alphabet. */
export const alphabetical = <T>(entries: T[], label: (entry: T) => string): T[] =>
	entries.length < 5
		? entries
		: [...entries].sort((one, other) => label(one).localeCompare(label(other), 'en'));

export const asOptions = (values: readonly Choice[]): INodePropertyOptions[] =>
	values.map(({ value, label, help }) => ({
		name: label,
		value,
		...(help && help !== label ? { description: help } : {}),
	}));

/** The choices of a field that may be left open, which it is until somebody chooses. */
export const openOptions = (values: readonly Choice[]): INodePropertyOptions[] =>
	alphabetical(asOptions([...values, NOT_SET]), ({ name }) => name);
