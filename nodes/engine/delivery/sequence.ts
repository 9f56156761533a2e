import type { Destination } from '../account';
import type { HttpRequest } from '../operation/operation';
import type { DeliveryPlan } from './plan';
import { readTry, type Reading } from './reading';
import type { SendResult } from './transport';

type Sent = Exclude<SendResult, { cancelled: true }>;

const isTaken = ({ result }: Reading): boolean => result.kind === 'accepted' || result.kind === 'unconfirmed';

/** Sends a request and those that follow it, one after the other, and makes one result of theirs. */
export async function sendInTurn(
	request: HttpRequest,
	target: Destination,
	method: string,
	plan: DeliveryPlan,
): Promise<SendResult> {
	const first = await plan.send(request, target);
	if (!request.after?.length || 'cancelled' in first) return first;
	const all: Sent[] = [first];
	for (const next of request.after) {
		const sent = await plan.send(next, target);
		if ('cancelled' in sent) return sent;
		all.push(sent);
	}
	return asOne(
		all.map((sent) => ({ sent, reading: readTry(sent, target.baseUrl, method, plan) })),
		first,
	);
}

/** If all requests were accepted, or none, one represents them all. Otherwise the event was accepted in part, and a repeat would count that part twice. */
function asOne(all: ReadonlyArray<{ sent: Sent; reading: Reading }>, first: Sent): Sent {
	const notTaken = all.filter(({ reading }) => !isTaken(reading));
	const [failed] = notTaken;
	if (!failed) {
		return all.find(({ reading }) => reading.result.kind === 'unconfirmed')?.sent ?? first;
	}
	if (notTaken.length === all.length) {
		return all.find(({ reading }) => reading.result.kind === 'maybeStored')?.sent ?? first;
	}
	const taken = all.length - notTaken.length;
	const reason = `${taken} of ${all.length} requests were accepted; ${failed.reading.reason}`;
	return { failure: { mayHaveLeft: true, reason, advice: 'check what arrived before it is sent again' } };
}
