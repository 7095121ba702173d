import {
  Column,
  CreateDateColumn,
  Entity,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  Unique,
  UpdateDateColumn,
  type Relation,
} from 'typeorm';
import { User } from './user.entity.js';

/** What a connection can be: revoked on disconnect, deregistration or a definitive refusal by the vendor. */
export type ConnectionStatus = 'active' | 'revoked' | 'expired';

/** One user's account at one provider. */
@Entity('connection')
@Unique(['userId', 'provider'])
export class Connection {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @ManyToOne(() => User, (user) => user.connections, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user!: Relation<User>;

  @Column('varchar', { length: 64 })
  provider!: string;

  @Column('text', { name: 'provider_user_id', nullable: true })
  providerUserId!: string | null;

  @Column('text', { name: 'provider_username', nullable: true })
  providerUsername!: string | null;

  @Column('text', { name: 'access_token_encrypted', nullable: true })
  accessTokenEncrypted!: string | null;

  @Column('text', { name: 'refresh_token_encrypted', nullable: true })
  refreshTokenEncrypted!: string | null;

  @Column({ type: 'timestamptz', name: 'token_expires_at', precision: 3, nullable: true })
  tokenExpiresAt!: Date | null;

  @Column('text', { nullable: true })
  scope!: string | null;

  @Column('varchar', { length: 16 })
  status!: ConnectionStatus;

  @Column({ type: 'timestamptz', name: 'last_synced_at', precision: 3, nullable: true })
  lastSyncedAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'revoked_at', precision: 3, nullable: true })
  revokedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz', precision: 3 })
  updatedAt!: Date;
}
