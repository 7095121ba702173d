import {
  Column,
  CreateDateColumn,
  Entity,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  UpdateDateColumn,
  type Relation,
} from 'typeorm';
import { User } from './user.entity.js';

export type TaskState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** One piece of background work that a caller holds an id of. */
@Entity('task')
export class Task {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('varchar', { length: 32 })
  kind!: string;

  @Column('uuid', { name: 'user_id', nullable: true })
  userId!: string | null;

  @ManyToOne(() => User, { nullable: true, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user!: Relation<User> | null;

  /** Sync run this work belongs to. */
  @Column('text', { name: 'run_id', nullable: true })
  runId!: string | null;

  @Column('varchar', { length: 16 })
  state!: TaskState;

  /** 0..1, null when not known. */
  @Column('double precision', { nullable: true })
  progress!: number | null;

  @Column('jsonb', { nullable: true })
  result!: unknown;

  @Column('text', { nullable: true })
  error!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz', precision: 3 })
  updatedAt!: Date;
}
