import {
	isAbsent,
	isPlainObject,
	loneSurrogateIssue,
	toJsonText,
	type Json,
	type ReadData,
	type WireForm,
} from '../engine';

import { orderingKeyOf } from './vendor';

/** `POST {baseUrl}/<path>`: one event a request, the section first. */
export const bodyForm = (path: string): WireForm => ({
	method: () => path,
	encode: (event, { account }) => {
		const text = toJsonText({ sec: account.sectionId, ...event });
		const fault = loneSurrogateIssue(event, text);
		if (fault) return { fault };
		const orderingKey = orderingKeyOf(event);
		return {
			text,
			count: 1,
			batchKey: path,
			unbatchable: true,
			...(orderingKey === undefined ? {} : { orderingKey }),
		};
	},
	envelope: () => ({ prefix: '', separator: '', suffix: '' }),
	request: (payload, _event, { baseUrl }) => ({
		method: 'POST',
		url: `${baseUrl}/${path}`,
		headers: { 'Content-Type': 'application/json' },
		body: payload.bytes(),
	}),
});

/** The user and the campaigns that were set off, as the answer has them. */
export function readUser({ user, campaigns }: Json): ReadData {
	return {
		data: {
			...(isPlainObject(user) ? { user } : {}),
			...(Array.isArray(campaigns) ? { campaigns } : {}),
		},
	};
}

/** Whether the request names somebody whom Gravity Field can find again. */
export const namesUser = ({ user }: Json): boolean =>
	isPlainObject(user) && (!isAbsent(user.uid) || !isAbsent(user.custom));
