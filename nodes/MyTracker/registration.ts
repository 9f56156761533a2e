import { userEvent } from './userEvent';
import { searchHints, searchWords } from './searchWords';

export const registration = userEvent(
	{
		name: 'myTrackerRegistration',
		title: 'Registration',
		searchWords: searchWords.registration,
		searchHint: searchHints.registration,
	},
	'registration',
);
