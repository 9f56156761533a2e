import type { KnownValues } from './freeValue';

/**
 * What a value becomes on the wire, or why it cannot be sent. A value of `undefined` is not sent, e.g. that of the
 * JSON text `null`. `warnings`: it is sent, and something about it needs a look. `doubts`: it breaks a rule that no
 * vendor documents. Each of these completes the sentence "'Age' (age) …".
 */
export type Result<T = unknown> =
	{ value: T; warnings?: readonly string[]; doubts?: readonly string[] } | { error: string };

export const ok = <T>(value: T, warnings?: readonly string[]): { value: T; warnings?: readonly string[] } =>
	warnings?.length ? { value, warnings } : { value };
export const failure = (error: string): { error: string } => ({ error });

/** What checking a value needs to know of the run. */
export interface ValueContext {
	/** IANA name of the workflow's time zone, for dates without one. */
	zone: string;
	/** Now, in milliseconds since 1970. */
	now: number;
	/** Told the name of a pair that is left out because it has no value. */
	onDroppedPair: (name: string) => void;
	/** Told that a time without a zone was read in the workflow's. */
	onZoneUsed?: () => void;
	/** What is known of large values. */
	known?: KnownValues;
}
