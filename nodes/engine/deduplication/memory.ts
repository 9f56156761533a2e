import type { Execution } from '../execution';
import type { Ledger } from '../delivery/ledger';
import { DOUBT_OF_KEY } from '../delivery/messages';
import type { Prepared } from '../delivery/pack';
import { REMEMBERED_KEYS, type Settings } from '../operation/settings';
import type { Outcome } from '../report/outcome';
import { userText } from '../report/userText';
import { KeyStore, type Remembered, type SettledKeys } from './keyStore';

/** Which events are sent, of those whose keys are remembered. */
export interface Memory {
	/** Takes the keys of events that are about to be sent. Returns those that are not, by item index, or why nothing can be. */
	take: () => Promise<{ known: ReadonlyMap<number, Remembered> } | { fault: string }>;
	/** Keeps the keys of what was accepted or may have been, and forgets the others. Returns what went wrong. */
	settle: (
		outcomes: ReadonlyMap<number, Outcome>,
		ledger: Pick<Ledger, 'stateOf'>,
	) => Promise<string | undefined>;
}

const hasKey = (item: Prepared): item is Prepared & { key: string } => item.key !== undefined;

const reasonOf = (error: unknown): string =>
	userText(error instanceof Error ? error.message : String(error), 200).replace(/[.\s]+$/, '');

const tooManyKeys = (keys: number, remembered: number): string =>
	`This run has ${keys.toLocaleString('en-US')} keys, and '${REMEMBERED_KEYS}' is ${remembered.toLocaleString('en-US')}: later runs may send some of its events again. Raise it, or send fewer events in one run.`;

/** `prepared`: at most one event for each key. `undefined` where none has a key. */
export function openMemory(
	{ host, operation, pause, clock }: Execution,
	settings: Settings,
	prepared: readonly Prepared[],
): Memory | undefined {
	const keyed = prepared.filter(hasKey);
	if (keyed.length === 0) return undefined;
	const store = new KeyStore(host.helpers, Math.max(settings.rememberedKeys, keyed.length), pause, clock);
	const taken: Array<Prepared & { key: string }> = [];

	/** The user, or the vendor, says that a repeat does no harm. */
	const mayRepeat = ({ event }: Prepared): boolean =>
		settings.retryUnknown || operation.repeatIsSafe?.(event) === true;

	return {
		async take() {
			try {
				const remembered = await store.take(keyed.map(({ key }) => key));
				const known = new Map<number, Remembered>();
				for (const item of keyed) {
					const found = remembered.get(item.key);
					if (found !== undefined && !(found === 'unknown' && mayRepeat(item))) {
						known.set(item.index, found);
						continue;
					}
					taken.push(item);
					// Also on its own, since the events that are left may be merged anew.
					if (found) for (const one of [item, item.alone]) if (one) one.doubt ??= DOUBT_OF_KEY;
				}
				return { known };
			} catch (error) {
				const stay = store.holdsKeys
					? '. It could not forget the keys again, so events of this run may be reported as unknown and not be sent'
					: '';
				return {
					fault: `Nothing was sent, because n8n could not look up which keys were sent before; save the workflow and run it again. Reason: ${reasonOf(error)}${stay}`,
				};
			}
		},
		async settle(outcomes, ledger) {
			const accepted: string[] = [];
			const unconfirmed: string[] = [];
			const forgotten: string[] = [];
			for (const { index, key, doubt } of taken) {
				const outcome = outcomes.get(index);
				// What a cancelled run leaves without an outcome may be on its way, or have been sent before.
				const status = outcome?.delivery.status ?? ledger.stateOf(index);
				const isOpen = status === 'unknown' || status === 'sent' || (!outcome && doubt !== undefined);
				if (status === 'accepted') accepted.push(key);
				else if (status === 'unconfirmed') unconfirmed.push(key);
				else if (!isOpen) forgotten.push(key);
			}
			try {
				await store.settle({ accepted, unconfirmed, forgotten } satisfies SettledKeys);
				return keyed.length > settings.rememberedKeys
					? tooManyKeys(keyed.length, settings.rememberedKeys)
					: undefined;
			} catch (error) {
				return `n8n could not save what became of the keys; its reason: ${reasonOf(error)}. Events with these keys will be reported as unknown and not be sent again.`;
			}
		},
	};
}
