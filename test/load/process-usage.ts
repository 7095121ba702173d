import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;
const KIB = 1024;

/** Fields of /proc/<pid>/stat behind the name of the program. */
function statOf(pid: number | string): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

export const parentOf = (pid: number): number => Number(statOf(pid)[1]);

/** Processor seconds a process and the children it has waited for have used. */
export function cpuSeconds(pid: number): number {
  const fields = statOf(pid);
  return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) / TICKS_PER_SECOND;
}

/** The most memory a process ever had resident, in bytes. */
export const peakResidentBytes = (pid: number): number => fieldOf(`/proc/${pid}/status`, 'VmHWM');

/** A process and its living children. */
export function familyOf(pid: number): number[] {
  const isChild = (entry: string): boolean => {
    try {
      return /^\d+$/.test(entry) && parentOf(Number(entry)) === pid;
    } catch {
      return false;
    }
  };
  return [pid, ...readdirSync('/proc').filter(isChild).map(Number)];
}

/** Memory of a family of processes, what they share counted once, in bytes. */
export function familyBytes(pid: number): number {
  return familyOf(pid).reduce((sum, member) => sum + proportionalBytes(member), 0);
}

function proportionalBytes(pid: number): number {
  try {
    return fieldOf(`/proc/${pid}/smaps_rollup`, 'Pss');
  } catch {
    return 0;
  }
}

function fieldOf(file: string, name: string): number {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'));
  return Number(match?.[1] ?? 0) * KIB;
}

export const familyCpuSeconds = (pid: number): number =>
  familyOf(pid).reduce((sum, member) => sum + cpuSecondsOrNone(member), 0);

/** 0 for a process that is gone, or of another machine. */
export function cpuSecondsOrNone(pid: number): number {
  try {
    return cpuSeconds(pid);
  } catch {
    return 0;
  }
}

/** The memory a process has resident now, in bytes. */
export const residentBytes = (pid: number): number => fieldOf(`/proc/${pid}/status`, 'VmRSS');
