import { durationInWords, isAbsent, type Issue, type Json, type Rule, type RuleContext } from '../engine';

const EITHER = "'User Profile ID' (profile_id) or 'Device ID Hash' (appmetrica_device_id)";
const TIME = "'Event Time' (event_timestamp)";

const DAY = 86_400;
/** One hour less, so that an event does not grow too old on its way. */
const ON_ITS_WAY = 3_600;
/** An older page of the vendor says so. */
const OLDER_LIMIT_DAYS = 7;
/** Clocks differ. */
const AHEAD = 300;

const isOlderThan = (days: number, seconds: number, now: number): boolean => seconds < now - days * DAY;

/** A check of the event's time in seconds, which `maxAgeDays` 0 switches off. */
const ofTime =
	(check: (seconds: number, now: number, maxAgeDays: number) => string | undefined) =>
	({ event_timestamp }: Json, { now, settings }: RuleContext): Issue[] => {
		const maxAgeDays = Number(settings.maxAgeDays ?? 0);
		const isSeconds = typeof event_timestamp === 'string' && /^\d+$/.test(event_timestamp);
		if (maxAgeDays === 0 || !isSeconds) return [];
		const message = check(Number(event_timestamp), Math.floor(now / 1000), maxAgeDays);
		return message === undefined ? [] : [{ field: 'event_timestamp', message: `${TIME} ${message}` }];
	};

export const rules: readonly Rule[] = [
	{
		description: 'Exactly one of profile_id, appmetrica_device_id',
		evidence: 'documented',
		check: (event) => {
			const hasProfile = !isAbsent(event.profile_id);
			const hasDevice = !isAbsent(event.appmetrica_device_id);
			if (hasProfile && hasDevice) {
				const message = `AppMetrica accepts only one ID: give ${EITHER}, not both`;
				return [{ field: 'appmetrica_device_id', message }];
			}
			if (hasProfile || hasDevice) return [];
			return [{ field: 'profile_id', message: `The event has no user or device ID: give ${EITHER}` }];
		},
	},
	{
		description: "event_timestamp: no older than the option 'Maximum Age in Days' less one hour",
		evidence: 'documented',
		check: ofTime((seconds, now, maxAgeDays) =>
			isOlderThan(maxAgeDays, seconds - ON_ITS_WAY, now)
				? `is older than ${maxAgeDays} days less one hour, which the vendor may drop without notice; see the option 'Maximum Age in Days'`
				: undefined,
		),
	},
	{
		description: `event_timestamp: no older than ${OLDER_LIMIT_DAYS} days, as an older page says`,
		evidence: 'inferred',
		check: ofTime((seconds, now) =>
			isOlderThan(OLDER_LIMIT_DAYS, seconds, now)
				? `is older than ${OLDER_LIMIT_DAYS} days: the current pages of AppMetrica allow 14 days, an older one only ${OLDER_LIMIT_DAYS}`
				: undefined,
		),
	},
	{
		description: 'event_timestamp: no more than 5 minutes ahead of now',
		evidence: 'inferred',
		check: ofTime((seconds, now) =>
			seconds > now + AHEAD
				? `is ${durationInWords(seconds - now)} ahead of now; check the time zone`
				: undefined,
		),
	},
];
