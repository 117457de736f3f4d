"""Tags, blocks, mails about answers, and what the desk's lists are sorted by."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0005_left_messages_gone'),
    ]

    operations = [
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_key', models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('ends_at', models.DateTimeField(verbose_name='until')),
                ('lifted_at', models.DateTimeField(blank=True, null=True, verbose_name='lifted')),
            ],
            options={
                'verbose_name': 'block',
                'verbose_name_plural': 'blocks',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='EmailAlert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('nonce', models.CharField(editable=False, max_length=64)),
                ('link_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('noticed_at', models.DateTimeField(null=True)),
                ('seen_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'e-mail alert',
                'verbose_name_plural': 'e-mail alerts',
            },
        ),
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('confirm', 'confirm this address'), ('answer', 'there is an answer')], max_length=10)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('next_try_at', models.DateTimeField(default=django.utils.timezone.now, null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'mail',
                'verbose_name_plural': 'mails',
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=30, verbose_name='tag')),
            ],
            options={
                'verbose_name': 'tag',
                'verbose_name_plural': 'tags',
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='visitor',
            name='client_key',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(fields=['state', '-closed_at', '-id'], name='conversation_ended'),
        ),
        migrations.AddField(
            model_name='block',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='chat.agent', verbose_name='agent'),
        ),
        migrations.AddField(
            model_name='block',
            name='conversation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='chat.conversation', verbose_name='conversation'),
        ),
        migrations.AddField(
            model_name='block',
            name='lifted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='chat.agent'),
        ),
        migrations.AddField(
            model_name='block',
            name='visitor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to='chat.visitor', verbose_name='visitor'),
        ),
        migrations.AddField(
            model_name='emailalert',
            name='conversation',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='email_alert', to='chat.conversation'),
        ),
        migrations.AddField(
            model_name='mail',
            name='alert',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='chat.emailalert'),
        ),
        migrations.AddField(
            model_name='tag',
            name='conversation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='chat.conversation'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(condition=models.Q(('sent_at__isnull', True)), fields=['next_try_at'], name='mail_due'),
        ),
        migrations.AddIndex(
            model_name='tag',
            index=models.Index(fields=['name', 'conversation'], name='tag_found'),
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.UniqueConstraint(fields=('conversation', 'name'), name='tag_once'),
        ),
    ]
