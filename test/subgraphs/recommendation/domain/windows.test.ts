import { expect, test } from '@jest/globals';
import {
  isZone,
  localMinutes,
  offsetZone,
  windowAt,
  windowOf,
  windowWeights,
} from '../../../../subgraphs/recommendation/domain/windows.ts';

test.each([
  ['04:59', 'NIGHT'],
  ['05:00', 'MORNING'],
  ['11:59', 'MORNING'],
  ['12:00', 'AFTERNOON'],
  ['16:59', 'AFTERNOON'],
  ['17:00', 'EVENING'],
  ['21:59', 'EVENING'],
  ['22:00', 'NIGHT'],
  ['00:00', 'NIGHT'],
])('%s is %s', (time, window) => {
  const [hours, minutes] = time.split(':').map(Number) as [number, number];
  expect(windowOf(hours * 60 + minutes)).toBe(window);
});

test.each([
  ['UTC', 'MORNING'],
  ['Asia/Kolkata', 'AFTERNOON'], // 15:00
  ['+05:30', 'AFTERNOON'],
  ['America/New_York', 'MORNING'], // 05:30
  ['America/Los_Angeles', 'NIGHT'], // 02:30
])('09:30 UTC in June is, in %s, %s', (zone, window) => {
  expect(windowAt(Date.UTC(2026, 5, 24, 9, 30), zone)).toBe(window);
});

test('the same UTC hour moves with daylight saving', () => {
  expect(localMinutes(Date.UTC(2026, 2, 29, 0, 30), 'Europe/Berlin')).toBe(90); // before the change
  expect(localMinutes(Date.UTC(2026, 2, 29, 1, 30), 'Europe/Berlin')).toBe(210); // an hour later by UTC, two by the wall
  expect(windowAt(Date.UTC(2026, 0, 10, 15, 30), 'Europe/Berlin')).toBe('AFTERNOON');
  expect(windowAt(Date.UTC(2026, 6, 10, 15, 30), 'Europe/Berlin')).toBe('EVENING');
});

test('only an offset other than Z says where a time is local', () => {
  expect(offsetZone('2026-06-24T09:30:00+05:30')).toBe('+05:30');
  expect(offsetZone('2026-06-24T09:30:00Z')).toBeNull();
  expect(offsetZone('2026-06-24T09:30:00')).toBeNull();
});

test('knows a zone from a word', () => {
  expect(['Asia/Kolkata', '+05:30', 'Mars/Olympus', ''].map(isZone)).toEqual([true, true, false, false]);
});

test('weights sum to 1 at every minute, and an edge is split between neighbours', () => {
  for (let minute = 0; minute < 1440; minute += 1) {
    expect(windowWeights(minute).reduce((a, b) => a + b)).toBeCloseTo(1);
  }
  expect(windowWeights(12 * 60)).toEqual([0.5, 0.5, 0, 0]);
  expect(windowWeights(9 * 60)).toEqual([1, 0, 0, 0]);
  expect(windowWeights(5 * 60 - 15)).toEqual([0.25, 0, 0, 0.75]);
});

test.each([
  'Asia/Kolkata',
  '-03:30',
  'America/St_Johns', // changed at one minute past midnight until 2011
  'Australia/Lord_Howe', // changes by half an hour
  'Africa/Casablanca', // changes four times in some years
  'Pacific/Apia', // left out a day in 2011
])('the local time of %s is what the runtime says, around every change of clocks too', (zone) => {
  const formatter = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'short' });
  const wrong: number[] = [];
  for (let at = Date.UTC(2010, 0, 1); at < Date.UTC(2013, 0, 1); at += 37 * 60_000) {
    const [hours, minutes] = formatter.format(at).split(':').map(Number) as [number, number];
    if (localMinutes(at, zone) !== hours * 60 + minutes) wrong.push(at);
  }
  expect(wrong).toEqual([]);
});
