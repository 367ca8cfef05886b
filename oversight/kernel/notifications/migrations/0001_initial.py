import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0003_policy'),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('WAITING', 'Waiting'), ('DONE', 'Done'), ('FAILED', 'Failed')], default='WAITING', editable=False, max_length=7)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('rings', models.IntegerField(default=0, editable=False)),
                ('tries', models.IntegerField(default=0, editable=False)),
                ('error', models.CharField(default='', editable=False, max_length=200)),
                ('membership_id', models.BigIntegerField(editable=False)),
                ('cdmo_id', models.BigIntegerField(editable=False, null=True)),
                ('of_partner', models.BooleanField(editable=False)),
                ('user_id', models.BigIntegerField(editable=False)),
                ('slot', models.CharField(editable=False, max_length=60)),
                ('claimed_at', models.DateTimeField(editable=False, null=True)),
                ('sent_at', models.DateTimeField(editable=False, null=True)),
                ('tenant', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.sponsor')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'DONE'), _negated=True), fields=['state', 'due_at'], name='letter_owed')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'membership_id', 'slot'), name='letter_once')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('membership_id', models.BigIntegerField(editable=False)),
                ('cdmo_id', models.BigIntegerField(editable=False, null=True)),
                ('of_partner', models.BooleanField(editable=False)),
                ('event_id', models.BigIntegerField(editable=False)),
                ('kind', models.CharField(editable=False, max_length=63)),
                ('record_id', models.BigIntegerField(editable=False)),
                ('comment_id', models.BigIntegerField(editable=False, null=True)),
                ('clock_id', models.BigIntegerField(editable=False, null=True)),
                ('what', models.CharField(editable=False, max_length=40)),
                ('group', models.CharField(choices=[('CRITICAL', 'Critical events'), ('LATE', 'Clocks that ran out'), ('YOURS', 'Work that waits for you'), ('MENTION', 'You are mentioned'), ('TALK', 'Comments where you take part'), ('NEWS', 'News of records where you take part'), ('HOUSE', 'The workspace itself')], editable=False, max_length=10)),
                ('who', models.CharField(editable=False, max_length=200)),
                ('at', models.DateTimeField(editable=False)),
                ('read_at', models.DateTimeField(editable=False, null=True)),
                ('mailed_at', models.DateTimeField(editable=False, null=True)),
                ('letter', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notices', to='notifications.letter')),
                ('tenant', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.sponsor')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', 'membership_id', '-at', '-id'], name='notice_of_member'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['tenant', 'membership_id'], name='notice_unread'), models.Index(fields=['tenant', 'kind', 'record_id'], name='notice_of_record')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'membership_id', 'event_id'), name='notice_once')],
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('membership_id', models.BigIntegerField(editable=False)),
                ('cdmo_id', models.BigIntegerField(editable=False, null=True)),
                ('of_partner', models.BooleanField(editable=False)),
                ('group', models.CharField(choices=[('CRITICAL', 'Critical events'), ('LATE', 'Clocks that ran out'), ('YOURS', 'Work that waits for you'), ('MENTION', 'You are mentioned'), ('TALK', 'Comments where you take part'), ('NEWS', 'News of records where you take part'), ('HOUSE', 'The workspace itself')], editable=False, max_length=10)),
                ('way', models.CharField(choices=[('INSTANT', 'At once'), ('DAILY', 'Once a day'), ('NONE', 'Only in the product')], max_length=10)),
                ('tenant', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.sponsor')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'membership_id', 'group'), name='preference_once')],
            },
        ),
        migrations.CreateModel(
            name='CalendarKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('membership_id', models.BigIntegerField(editable=False)),
                ('cdmo_id', models.BigIntegerField(editable=False, null=True)),
                ('of_partner', models.BooleanField(editable=False)),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('tenant', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.sponsor')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'membership_id'), name='calendar_key_once')],
            },
        ),
    ]
