import { Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Developer } from './developer.entity.js';

/** A key of an integrator; the key itself is not stored. */
@Entity('api_key')
export class ApiKey {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  /** SHA-256 of the key. */
  @Column('bytea', { name: 'key_hash', unique: true })
  keyHash!: Buffer;

  /** First characters of the key, for lists. */
  @Column('varchar', { name: 'key_prefix', length: 16 })
  keyPrefix!: string;

  @Column('uuid', { name: 'created_by', nullable: true })
  createdById!: string | null;

  @ManyToOne(() => Developer, { nullable: true, onDelete: 'SET NULL' })
  @JoinColumn({ name: 'created_by' })
  createdBy!: Relation<Developer> | null;

  /** What the key may do. */
  @Column('text', { array: true })
  scopes!: string[];

  /** Null: it does not expire. */
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3, nullable: true })
  expiresAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'last_used_at', precision: 3, nullable: true })
  lastUsedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;
}
