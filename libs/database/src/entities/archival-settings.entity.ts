import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The one row of retention settings; null = never. */
@Entity('archival_settings')
export class ArchivalSettings {
  /** Always 1. */
  @PrimaryColumn('smallint')
  id!: number;

  @Column('integer', { name: 'archive_after_days', nullable: true })
  archiveAfterDays!: number | null;

  @Column('integer', { name: 'delete_after_days', nullable: true })
  deleteAfterDays!: number | null;
}
