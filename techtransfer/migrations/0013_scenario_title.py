from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("techtransfer", "0012_plan_file_content"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicalscenario",
            name="title",
            field=models.CharField(blank=True, max_length=120, null=True),
        ),
        migrations.AlterField(
            model_name="scenario",
            name="title",
            field=models.CharField(blank=True, max_length=120),
        ),
    ]
