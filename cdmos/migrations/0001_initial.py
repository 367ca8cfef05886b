import cdmos.models.cdmo
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import oversight.kernel.access.models
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
            name='CDMO',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.IntegerField(default=1, editable=False)),
                ('number', models.CharField(editable=False, max_length=30)),
                ('status', models.CharField(choices=[('ACTIVE', 'Active'), ('VOID', 'Void')], default='ACTIVE', editable=False, max_length=30)),
                ('name', models.CharField(max_length=120)),
                ('legal_name', models.CharField(blank=True, max_length=200)),
                ('country', models.CharField(choices=cdmos.models.cdmo.country_choices, max_length=2)),
                ('website', models.URLField(blank=True)),
                ('outsourcing_model', models.CharField(choices=[('TACTICAL', 'Tactical'), ('PREFERRED', 'Preferred'), ('STRATEGIC', 'Strategic')], max_length=12)),
                ('drug_substance', models.BooleanField(default=False)),
                ('drug_product', models.BooleanField(default=False)),
                ('analytical', models.BooleanField(default=False)),
                ('packaging', models.BooleanField(default=False)),
                ('storage', models.BooleanField(default=False)),
                ('notes', models.TextField(blank=True)),
                ('tenant', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.sponsor')),
            ],
            options={
                'verbose_name': 'CDMO',
                'verbose_name_plural': 'CDMOs',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'number'), name='cdmo_number_once'), models.CheckConstraint(condition=models.Q(('status__in', ['ACTIVE', 'VOID'])), name='cdmo_status_known'), models.UniqueConstraint(models.F('tenant'), django.db.models.functions.text.Lower('name'), name='cdmo_name_once', violation_error_message='There is a CDMO of this name already: open that one.'), models.CheckConstraint(condition=models.Q(('drug_substance', True), ('drug_product', True), ('analytical', True), ('packaging', True), ('storage', True), _connector='OR'), name='cdmo_has_a_type', violation_error_message='Say what this CDMO does: tick at least one type.')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalCDMO',
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
                ('number', models.CharField(editable=False, max_length=30, null=True)),
                ('status', models.CharField(choices=[('ACTIVE', 'Active'), ('VOID', 'Void')], editable=False, max_length=30, null=True)),
                ('name', models.CharField(max_length=120, null=True)),
                ('legal_name', models.CharField(blank=True, max_length=200, null=True)),
                ('country', models.CharField(choices=cdmos.models.cdmo.country_choices, max_length=2, null=True)),
                ('website', models.URLField(blank=True, null=True)),
                ('outsourcing_model', models.CharField(choices=[('TACTICAL', 'Tactical'), ('PREFERRED', 'Preferred'), ('STRATEGIC', 'Strategic')], max_length=12, null=True)),
                ('drug_substance', models.BooleanField(null=True)),
                ('drug_product', models.BooleanField(null=True)),
                ('analytical', models.BooleanField(null=True)),
                ('packaging', models.BooleanField(null=True)),
                ('storage', models.BooleanField(null=True)),
                ('notes', models.TextField(blank=True, null=True)),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('tenant', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='access.sponsor')),
            ],
            options={
                'verbose_name': 'historical CDMO',
                'verbose_name_plural': 'historical CDMOs',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSite',
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
                ('number', models.CharField(editable=False, max_length=30, null=True)),
                ('status', models.CharField(choices=[('ACTIVE', 'Active'), ('VOID', 'Void')], editable=False, max_length=30, null=True)),
                ('name', models.CharField(max_length=120, null=True)),
                ('address', models.CharField(blank=True, max_length=300, null=True)),
                ('city', models.CharField(max_length=120, null=True)),
                ('country', models.CharField(choices=cdmos.models.cdmo.country_choices, max_length=2, null=True)),
                ('time_zone', models.CharField(choices=oversight.kernel.access.models.time_zones, max_length=40, null=True)),
                ('fei_number', models.CharField(blank=True, help_text="The FDA's establishment identifier, 7 to 10 digits.", max_length=10, null=True, validators=[django.core.validators.RegexValidator('^\\d{7,10}$', 'An FEI number has 7 to 10 digits.')], verbose_name='FEI number')),
                ('working_week', models.CharField(choices=[('MON_FRI', 'Monday to Friday'), ('MON_SAT', 'Monday to Saturday'), ('SUN_THU', 'Sunday to Thursday'), ('EVERY_DAY', 'Every day')], max_length=10, null=True)),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('cdmo', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cdmos.cdmo', verbose_name='CDMO')),
                ('tenant', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='access.sponsor')),
            ],
            options={
                'verbose_name': 'historical site',
                'verbose_name_plural': 'historical sites',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Site',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.IntegerField(default=1, editable=False)),
                ('number', models.CharField(editable=False, max_length=30)),
                ('status', models.CharField(choices=[('ACTIVE', 'Active'), ('VOID', 'Void')], default='ACTIVE', editable=False, max_length=30)),
                ('name', models.CharField(max_length=120)),
                ('address', models.CharField(blank=True, max_length=300)),
                ('city', models.CharField(max_length=120)),
                ('country', models.CharField(choices=cdmos.models.cdmo.country_choices, max_length=2)),
                ('time_zone', models.CharField(choices=oversight.kernel.access.models.time_zones, max_length=40)),
                ('fei_number', models.CharField(blank=True, help_text="The FDA's establishment identifier, 7 to 10 digits.", max_length=10, validators=[django.core.validators.RegexValidator('^\\d{7,10}$', 'An FEI number has 7 to 10 digits.')], verbose_name='FEI number')),
                ('working_week', models.CharField(choices=[('MON_FRI', 'Monday to Friday'), ('MON_SAT', 'Monday to Saturday'), ('SUN_THU', 'Sunday to Thursday'), ('EVERY_DAY', 'Every day')], default='MON_FRI', max_length=10)),
                ('cdmo', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sites', to='cdmos.cdmo', verbose_name='CDMO')),
                ('tenant', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.sponsor')),
            ],
            options={
                'indexes': [models.Index(models.F('tenant'), django.db.models.functions.text.Lower('name'), models.F('id'), name='site_by_name')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'number'), name='site_number_once'), models.CheckConstraint(condition=models.Q(('status__in', ['ACTIVE', 'VOID'])), name='site_status_known'), models.UniqueConstraint(models.F('tenant'), models.F('cdmo'), django.db.models.functions.text.Lower('name'), name='site_name_once', violation_error_message='This CDMO has a site of this name already.')],
            },
        ),
    ]
