import type { Choice } from './field';

/** A choice in front of the form that decides which rule applies, read per item, in both mapping modes. */
export interface Selector {
	name: string;
	label: string;
	help: string;
	values: readonly Choice[];
	default: string;
}
