import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0002_scope'),
        ('trail', '0002_trail'),
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(editable=False, max_length=63)),
                ('record_id', models.BigIntegerField(editable=False)),
                ('cdmo_id', models.BigIntegerField(editable=False, null=True)),
                ('state', models.CharField(choices=[('WAITING', 'Waiting'), ('DONE', 'Done'), ('FAILED', 'Failed')], default='WAITING', editable=False, max_length=7)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('rings', models.IntegerField(default=0, editable=False)),
                ('tries', models.IntegerField(default=0, editable=False)),
                ('error', models.CharField(default='', editable=False, max_length=200)),
                ('name', models.CharField(editable=False, max_length=80)),
                ('facts', models.JSONField(editable=False)),
                ('user_id', models.BigIntegerField(editable=False, null=True)),
                ('user_name', models.CharField(editable=False, max_length=200)),
                ('role', models.CharField(editable=False, max_length=30)),
                ('org', models.CharField(editable=False, max_length=200)),
                ('source', models.CharField(editable=False, max_length=20)),
                ('request', models.CharField(editable=False, max_length=64)),
                ('at', models.DateTimeField(editable=False)),
                ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.sponsor')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'DONE'), _negated=True), fields=['state', 'due_at'], name='outbox_event_owed')],
            },
        ),
        migrations.CreateModel(
            name='Effect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subscriber', models.CharField(editable=False, max_length=80)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('tenant', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.sponsor')),
                ('event', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='effects', to='outbox.event')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'event', 'subscriber'), name='outbox_effect_once')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalWebhook',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, verbose_name='ID')),
                ('version', models.IntegerField(editable=False, null=True)),
                ('history_user_name', models.CharField(editable=False, max_length=200)),
                ('history_role', models.CharField(editable=False, max_length=30)),
                ('history_org', models.CharField(editable=False, max_length=200)),
                ('history_tz', models.CharField(editable=False, max_length=40)),
                ('history_source', models.CharField(editable=False, max_length=20)),
                ('history_request', models.CharField(editable=False, max_length=64)),
                ('history_txid', models.BigIntegerField(editable=False)),
                ('history_user_id', models.BigIntegerField(null=True)),
                ('history_change_reason', models.TextField()),
                ('url', models.CharField(max_length=500, null=True)),
                ('events', models.CharField(max_length=500, null=True)),
                ('salt', models.CharField(editable=False, max_length=32, null=True)),
                ('active', models.BooleanField(null=True)),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('tenant', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='access.sponsor')),
            ],
            options={
                'verbose_name': 'historical webhook',
                'verbose_name_plural': 'historical webhooks',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.IntegerField(default=1, editable=False)),
                ('url', models.CharField(max_length=500)),
                ('events', models.CharField(max_length=500)),
                ('salt', models.CharField(editable=False, max_length=32)),
                ('active', models.BooleanField(default=True)),
                ('tenant', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.sponsor')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('WAITING', 'Waiting'), ('DONE', 'Done'), ('FAILED', 'Failed')], default='WAITING', editable=False, max_length=7)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('rings', models.IntegerField(default=0, editable=False)),
                ('tries', models.IntegerField(default=0, editable=False)),
                ('error', models.CharField(default='', editable=False, max_length=200)),
                ('claimed_at', models.DateTimeField(editable=False, null=True)),
                ('answered_at', models.DateTimeField(editable=False, null=True)),
                ('status', models.IntegerField(editable=False, null=True)),
                ('tenant', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.sponsor')),
                ('event', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='outbox.event')),
                ('webhook', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='outbox.webhook')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'DONE'), _negated=True), fields=['state', 'due_at'], name='outbox_delivery_owed')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'webhook', 'event'), name='outbox_delivery_once')],
            },
        ),
    ]
